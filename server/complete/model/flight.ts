import type { Answering } from '../../model/models.js';
import type { Split } from './along.js';

/** One answer of a model on its way. It belongs to the document, not to the request that began it. */
export interface Flight {
  /** The document when it was asked. */
  readonly split: Split;
  /** For what comes after acceptance, before anybody asked for it. */
  readonly isAhead: boolean;
  /** What there is so far, right of the cursor, with \n line ends. */
  text(): string;
  /** `backend/model`, once somebody answers. */
  model(): string | null;
  isWhole(): boolean;
  /** Whether the model got to see all that was to be found. */
  sawAll(): boolean;
  /** Why there is no more to come than what there is. */
  failure(): unknown;
  /** Resolves when there is more than before, or nothing more to come. */
  moved(): Promise<void>;
  /** Ends it at the backend. Resolves when nothing of it is under way any more. */
  abort(): Promise<void>;
  readonly ended: Promise<void>;
}

/** Tells when enough has come: what of the text so far is wanted. */
export interface Cutter {
  push(chunk: string): { readonly text: string; readonly done: boolean };
}

export interface Asked {
  readonly answering: Answering;
  readonly cutter: Cutter;
  /** False: some of what the model would have got to see came too late. */
  readonly sawAll: boolean;
}

export interface FlightPlan {
  readonly split: Split;
  readonly isAhead: boolean;
  /** Gathers what the model gets to see, and asks it; null: nothing is wanted here. */
  ask(signal: AbortSignal): Promise<Asked | null>;
  onEnd(flight: Flight): void;
}

export function startFlight({ split, isAhead, ask, onEnd }: FlightPlan): Flight {
  const ending = new AbortController();
  let text = '';
  let model: string | null = null;
  let state: 'open' | 'whole' | 'failed' = 'open';
  let failure: unknown = null;
  let sawAll = true;
  let wake: (() => void)[] = [];

  const flight: Flight = {
    split,
    isAhead,
    text: () => text,
    model: () => model,
    isWhole: () => state === 'whole',
    sawAll: () => sawAll,
    failure: () => failure,
    moved: () => (state === 'open' ? new Promise(resolve => wake.push(resolve)) : Promise.resolve()),
    abort() {
      ending.abort();
      return flight.ended;
    },
    ended: follow(),
  };
  return flight;

  async function follow(): Promise<void> {
    // The caller holds the flight before its end can be told.
    await Promise.resolve();
    try {
      await read(ending.signal);
      state = 'whole';
    } catch (error) {
      state = 'failed';
      failure = error;
    }
    tell();
    onEnd(flight);
  }

  async function read(signal: AbortSignal): Promise<void> {
    const asked = await ask(signal);
    if (asked === null) return;
    const { answering, cutter } = asked;
    sawAll = asked.sawAll;
    model = `${answering.backend}/${answering.model}`;
    try {
      for await (const chunk of answering.text) {
        signal.throwIfAborted();
        const cut = cutter.push(chunk);
        text = cut.text;
        tell();
        // What a model would still write costs its owner time: leaving the loop ends it there.
        if (cut.done) return;
      }
      signal.throwIfAborted();
    } finally {
      await answering.text.return?.({
        stop: 'unknown',
        usage: { promptTokens: null, cachedTokens: null, completionTokens: null },
      });
    }
  }

  function tell(): void {
    const waiting = wake;
    wake = [];
    for (const resolve of waiting) resolve();
  }
}
