import PQueue from 'p-queue';
import { ModelFailure } from '../backend.js';
import { createBreaker, type Breaker } from './breaker.js';
import { createRate } from './rate.js';

/** Who goes first where requests wait for one another. */
export type Urgency = 'inline' | 'chat' | 'ahead' | 'background';

export interface Turn {
  /** Tests whether a failing model works again: it must run until that is known. */
  readonly isTest: boolean;
  /** Always called, once: null for an end that says nothing, such as an abort before any answer. */
  leave(end: 'answered' | null | ModelFailure): void;
}

/** Holds back requests to one backend: so many at a time, at a pace it bears, and none to a model that fails. */
export interface Gate {
  /** Why nothing can be asked now, and for how long; null: it can. */
  closed(model: string): { readonly why: string; readonly waitMs: number } | null;
  /** Waits for its turn. Rejects with ModelFailure where waiting is of no use, and with the signal's reason. */
  enter(model: string, urgency: Urgency, signal: AbortSignal): Promise<Turn>;
  /** The server was gone and is back: what failed before is forgotten. */
  reset(): void;
}

export interface GateOptions {
  readonly name: string;
  readonly isLocal: boolean;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** One sentence each time that a model is given up or works again. */
  readonly tell: (message: string) => void;
}

const priorities: Readonly<Record<Urgency, number>> = { inline: 3, chat: 2, ahead: 1, background: 0 };
/** A chat must not keep completions waiting, and a server on this machine has few slots. */
const atOnce = { local: 2, remote: 6 } as const;
/** Nobody waits longer than this for a pace to allow the next request. */
const longestWaitMs = 20_000;

export function createGate({ name, isLocal, now, sleep, tell }: GateOptions): Gate {
  const queue = new PQueue({ concurrency: isLocal ? atOnce.local : atOnce.remote });
  const background = new PQueue({ concurrency: 1 });
  const rate = createRate(now);
  const breakers = new Map<string, Breaker>();
  let isPaused = false;

  return {
    closed(model) {
      const failing = breakers.get(model)?.waitMs() ?? 0;
      if (failing > 0)
        return {
          why: `${model} failed several times in a row; it is tried again in ${seconds(failing)}.`,
          waitMs: failing,
        };
      const pace = rate.waitMs();
      if (pace > 0) return { why: `${name} limits requests; try again in ${seconds(pace)}.`, waitMs: pace };
      return null;
    },
    async enter(model, urgency, signal) {
      signal.throwIfAborted();
      const failing = breakerOf(model).waitMs();
      if (failing > 0)
        throw new ModelFailure(
          'unreachable',
          `${model} failed several times in a row; it is tried again in ${seconds(failing)}.`,
        );
      if (urgency === 'ahead' && (queue.pending + queue.size > 0 || rate.isShort() || rate.waitMs() > 0))
        throw new ModelFailure('rate-limited', `${name} is busy; nothing is asked ahead.`);
      await waitForPace(urgency, signal);
      const freeBackground = urgency === 'background' ? await takeTurn(background, 0, signal) : () => {};
      try {
        return beginTurn(model, [await takeTurn(queue, priorities[urgency], signal), freeBackground]);
      } catch (error) {
        freeBackground();
        throw error;
      }
    },
    reset: () => breakers.clear(),
  };

  function beginTurn(model: string, free: readonly (() => void)[]): Turn {
    rate.sent();
    const breaker = breakerOf(model);
    let end: (failure: Error | null) => void = () => {};
    const held = new Promise<void>((resolve, reject) => {
      end = failure => (failure === null ? resolve() : reject(failure));
    });
    // The breaker may look at it later than it ends.
    held.catch(() => undefined);
    void breaker.watch(held);
    let isOver = false;
    return {
      isTest: breaker.isTesting(),
      leave(how) {
        if (isOver) return;
        isOver = true;
        for (const one of free) one();
        if (how === 'answered') {
          answered();
          end(null);
        } else {
          if (how?.trouble === 'rate-limited') refused(how.retryAfterMs);
          // What says nothing is nothing that the breaker counts.
          end(how ?? new DOMException('Aborted', 'AbortError'));
        }
      },
    };
  }

  async function waitForPace(urgency: Urgency, signal: AbortSignal): Promise<void> {
    const waitMs = rate.waitMs();
    if (waitMs === 0) return;
    // A completion that waits is one for a text that is gone.
    if (urgency === 'inline' || waitMs > longestWaitMs)
      throw new ModelFailure('rate-limited', `${name} limits requests; try again in ${seconds(waitMs)}.`, {
        retryAfterMs: waitMs,
      });
    await sleep(waitMs, signal);
    await waitForPace(urgency, signal);
  }

  function answered(): void {
    rate.answered();
    if (isPaused) tell(`${name} answers again.`);
    isPaused = false;
  }

  function refused(retryAfterMs: number | null): void {
    rate.refused(retryAfterMs);
    if (!isPaused) tell(`${name} limits requests; it is asked less often.`);
    isPaused = true;
  }

  function breakerOf(model: string): Breaker {
    const known = breakers.get(model);
    if (known !== undefined) return known;
    const made = createBreaker((state, pauseMs) => {
      if (state === 'open')
        tell(`${model} of ${name} failed several times in a row; it is left alone for ${seconds(pauseMs)}.`);
      if (state === 'closed') tell(`${model} of ${name} works again.`);
    });
    breakers.set(model, made);
    return made;
  }
}

/** Resolves with what frees the place again. The signal is for the waiting alone: who has a place gives it back. */
async function takeTurn(queue: PQueue, priority: number, signal: AbortSignal): Promise<() => void> {
  signal.throwIfAborted();
  const waiting = new AbortController();
  const giveUp = (): void => waiting.abort(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  return new Promise((resolve, reject) => {
    const run = (): Promise<void> => {
      signal.removeEventListener('abort', giveUp);
      return new Promise(free => resolve(free));
    };
    queue.add(run, { priority, signal: waiting.signal }).catch((error: unknown) => {
      signal.removeEventListener('abort', giveUp);
      reject(error);
    });
  });
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.ceil(ms / 1000))} s`;
}
