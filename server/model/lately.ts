import type { ModelFailure } from './backend.js';
import { sentenceOf, tellsOfServer } from './probing.js';

/** What became of the last requests to each model, where that is no good news. Names are `backend/model`. */
export interface Lately {
  /** A request goes; its result is called once with how it began or ended. */
  asked(name: string): (how: 'answered' | 'given-up' | ModelFailure) => void;
  /** Why it cannot be counted on at the moment, as a sentence; null: nothing is known against it. */
  trouble(name: string): Trouble | null;
}

export interface Trouble {
  /** `silent`: asked, and nothing has come for long. */
  readonly is: 'silent' | 'failed';
  readonly why: string;
}

export interface LatelyOptions {
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly ended: AbortSignal;
  readonly changed: () => void;
}

/** A model on a slow disk is loaded by then, mostly. */
const silentAfterMs = 10_000;

export function createLately({ sleep, ended, changed }: LatelyOptions): Lately {
  const troubles = new Map<string, Trouble>();
  return {
    trouble: name => troubles.get(name) ?? null,
    asked(name) {
      const waiting = new AbortController();
      void sleep(silentAfterMs, AbortSignal.any([waiting.signal, ended])).then(
        () => {
          if (!waiting.signal.aborted) note(name, silent);
        },
        () => undefined,
      );
      return how => {
        waiting.abort();
        // Who gave up early has learnt nothing; who waited long has left what was noted meanwhile.
        if (how !== 'given-up') note(name, how === 'answered' ? null : troubleOf(how));
      };
    },
  };

  function note(name: string, trouble: Trouble | null): void {
    if (troubles.get(name)?.why === trouble?.why) return;
    if (trouble === null) troubles.delete(name);
    else troubles.set(name, trouble);
    changed();
  }
}

const silent: Trouble = {
  is: 'silent',
  why: `It was asked and has said nothing for more than ${silentAfterMs / 1000} s: its server loads the model, is busy or hangs. If that lasts, start it anew.`,
};

/** What says something of the server as a whole is shown as its state. */
function troubleOf(failure: ModelFailure): Trouble | null {
  return tellsOfServer.has(failure.trouble)
    ? null
    : { is: 'failed', why: `The last request failed: ${sentenceOf(failure)}` };
}
