import type { Log } from '../base/log.js';
import { untilAborted } from '../base/untilAborted.js';
import type { BackendConfig, Generation, GenerationEnd, Usage } from './backend.js';
import { ModelFailure } from './backend.js';
import type { Budget, Reservation, Tokens } from './budget.js';
import { hostOf, runsHere, type Candidate } from './chain.js';
import type { Ledger, LedgerFile, OpenEntry, Redaction, SendingEnd } from './ledger.js';
import type { Turn, Urgency } from './limits/gate.js';
import type { Lately } from './lately.js';
import type { Measured } from './measured.js';
import type { Answering } from './models.js';
import { believable } from './believable.js';
import { billed } from './billed.js';
import { estimateTokens } from './outgoing.js';
import type { Task } from './prompt.js';
import { createTokenRatio } from './tokenRatio.js';
import type { Price } from '../config/taskSettings.js';

/** One request that is allowed and redacted, and what has to be known of it to count it. */
export interface Job {
  readonly task: Task;
  readonly candidate: Candidate;
  readonly urgency: Urgency;
  readonly files: readonly LedgerFile[];
  readonly redactions: readonly Redaction[];
  /** All text that goes, redacted and in the form that the model gets: our own words with it. */
  readonly text: string;
  readonly maxTokens: number;
  readonly isCold: boolean;
  readonly isLogged: boolean;
  readonly price: Price | null;
  /** Resolves when it may go; rejects where a person says no. */
  readonly allowed: (signal: AbortSignal) => Promise<void>;
  readonly key: BackendConfig['key'];
}

export interface Sender {
  /** Resolves with the first text. Rejects with ModelFailure or with the signal's reason. */
  stream(job: Job, run: (signal: AbortSignal) => Generation, signal: AbortSignal): Promise<Answering>;
  /** For what comes whole. */
  whole<Result>(job: Job, run: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result>;
  /** What is wrong with what servers bill, in sentences. */
  problems(): readonly string[];
  /** Resolves when all that was sent is written down. */
  settled(): Promise<void>;
}

export interface SenderOptions {
  readonly ledger: Ledger;
  readonly budget: Budget;
  readonly measured: Measured;
  readonly lately: Lately;
  readonly now: () => number;
  readonly log: Log;
  readonly ended: AbortSignal;
  readonly failed: (candidate: Candidate, failure: ModelFailure) => void;
  /** A request goes. */
  readonly asked: (candidate: Candidate) => void;
  /** Figures or spending changed. */
  readonly changed: () => void;
}

export function createSender(options: SenderOptions): Sender {
  const { ledger, budget, measured, lately, now, log, ended, failed, asked, changed } = options;
  /** Models that are being loaded for a request; one request is enough to load one. */
  const loading = new Map<string, Promise<void>>();
  const writing = new Set<Promise<void>>();
  const ratio = createTokenRatio();
  /** What is said of models that write more than they are allowed, by their name. */
  const exceeding = new Map<string, string>();

  return {
    async stream(job, run, signal) {
      await untilLoaded(job, signal);
      return asking(job, run, signal);
    },
    async whole(job, run, signal) {
      const sent = await begin(job, signal);
      try {
        const result = await run(AbortSignal.any([signal, ended]));
        sent.finish({ end: 'done', usage: null, text: '', failure: null });
        return result;
      } catch (error) {
        const failure = error instanceof ModelFailure ? error : null;
        sent.finish({ end: endOf(failure, signal), usage: null, text: '', failure });
        throw error;
      }
    },
    problems: () => [...exceeding.values()],
    async settled() {
      while (writing.size > 0) await Promise.all(writing);
    },
  };

  /** Each time that a prompt goes it is counted and written down, also where a server has refused how it was asked. */
  async function asking(job: Job, run: (signal: AbortSignal) => Generation, signal: AbortSignal): Promise<Answering> {
    try {
      return await answer(job, await begin(job, signal), run, signal);
    } catch (error) {
      // It ends: there are few things that a backend can learn to leave out.
      if (!(error instanceof ModelFailure) || !error.mayAskAgain) throw error;
      // The person has said yes to this prompt already.
      return asking({ ...job, allowed: () => Promise.resolve() }, run, signal);
    }
  }

  /** Nothing is queued behind a model that is being loaded: a completion goes on without, others wait. */
  async function untilLoaded({ candidate, urgency }: Job, signal: AbortSignal): Promise<void> {
    const load = loading.get(nameOf(candidate));
    if (load === undefined) return;
    if (urgency !== 'chat') throw new ModelFailure('loading', `${candidate.model.name} is being loaded.`);
    await untilAborted(load, signal);
  }

  /** Everything that must be so before the first byte leaves, in this order. */
  async function begin(job: Job, signal: AbortSignal): Promise<Sent> {
    const { candidate, urgency, task, files, redactions, text } = job;
    const { known, model } = candidate;
    const isLocal = runsHere(candidate);
    await job.allowed(signal);
    // A key that is missing is known before anything is counted or written.
    await job.key(signal);
    const turn = await known.gate.enter(model.name, urgency, signal);
    const worst = ratio.worst(nameOf(candidate), text, job.maxTokens);
    let reservation: Reservation | null = null;
    try {
      if (!isLocal) {
        reservation = await budget.reserve({ backend: known.name, model: model.name, worst, price: job.price });
      }
      signal.throwIfAborted();
      const entry = job.isLogged
        ? await ledger.write({
            backend: known.name,
            host: hostOf(candidate),
            isLocal,
            model: model.name,
            task,
            files,
            tokens: estimateTokens(text),
            redactions,
          })
        : null;
      asked(candidate);
      return sentOf(job, turn, reservation, worst, entry);
    } catch (error) {
      turn.leave(null);
      if (reservation !== null) later(reservation.settle({ prompt: 0, completion: 0 }));
      throw error;
    }
  }

  function sentOf(job: Job, turn: Turn, reservation: Reservation | null, worst: Tokens, entry: OpenEntry | null): Sent {
    const heard = lately.asked(nameOf(job.candidate));
    let isFinished = false;
    return {
      isTest: turn.isTest,
      begun: () => heard('answered'),
      finish({ end, usage: told, text, failure }) {
        if (isFinished) return;
        isFinished = true;
        const isNews = failure !== null && !failure.mayAskAgain;
        heard(isNews ? failure : end === 'done' ? 'answered' : 'given-up');
        const usage = told === null ? null : believable(told, job.text, text);
        turn.leave(end === 'done' ? 'answered' : (failure ?? (text === '' ? null : 'answered')));
        if (reservation !== null) later(reservation.settle(billed({ worst, usage, text, failure })));
        if (usage !== null) learn(job, usage);
        const tokens = { prompt: usage?.promptTokens ?? null, completion: usage?.completionTokens ?? null };
        if (entry !== null) later(entry.settle(end, tokens));
        if (failure !== null) failed(job.candidate, failure);
        if (writing.size === 0) changed();
      },
    };
  }

  function learn({ candidate, text, maxTokens }: Job, { promptTokens, completionTokens }: Usage): void {
    const name = nameOf(candidate);
    if (promptTokens !== null) ratio.learn(name, text, promptTokens);
    if (completionTokens === null || completionTokens <= maxTokens) return;
    ratio.learnExcess(name, completionTokens - maxTokens);
    if (runsHere(candidate) || exceeding.has(name)) return;
    const { known, model } = candidate;
    const what = `${model.name} of ${known.name} was billed for ${completionTokens} tokens where ${maxTokens} were allowed: it may think beyond what it is told.`;
    exceeding.set(
      name,
      `${what} As much is set aside of a budget from now on; a model that does not think costs less.`,
    );
    log.warn(what);
  }

  /** Nobody waits for what is written down at the end, but the end of all does. */
  function later(work: Promise<void>): void {
    const mine = work
      .catch((error: unknown) => log.error('A request could not be settled.', error))
      .finally(() => {
        writing.delete(mine);
        changed();
      });
    writing.add(mine);
  }

  async function answer(
    job: Job,
    sent: Sent,
    run: (signal: AbortSignal) => Generation,
    signal: AbortSignal,
  ): Promise<Answering> {
    const { candidate } = job;
    // To break off a load would be to begin it anew with the next request.
    const mustReachText = job.isCold || sent.isTest;
    const running = new AbortController();
    const stop = (): void => running.abort(signal.reason);
    if (!mustReachText) signal.addEventListener('abort', stop, { once: true });
    const generation = run(AbortSignal.any([running.signal, ended]));
    const meter = createMeter(now, job.isCold);
    const first = generation.next().then(
      result => {
        if (!result.done) {
          meter.add(result.value);
          sent.begun();
        }
        return result;
      },
      (error: unknown) => {
        close(error);
        throw error;
      },
    );
    if (job.isCold) trackLoad(candidate, first);
    let result: Awaited<typeof first>;
    try {
      result = await untilAborted(first, signal);
    } catch (error) {
      if (signal.aborted)
        void first.then(
          () => breakOff(),
          () => undefined,
        );
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
    signal.addEventListener('abort', breakOff, { once: true });
    if (signal.aborted) breakOff();
    return { backend: candidate.known.name, model: candidate.model.name, text: pass(result) };

    function breakOff(): void {
      running.abort(signal.reason);
      finish({ end: 'aborted', usage: null, failure: null });
      generation.return({ stop: 'unknown', usage: noUsage }).catch(() => undefined);
    }

    function close(error: unknown): void {
      const failure = error instanceof ModelFailure ? error : null;
      finish({ end: endOf(failure, signal), usage: null, failure });
    }

    function finish(how: {
      readonly end: SendingEnd;
      readonly usage: Usage | null;
      readonly failure: ModelFailure | null;
    }): void {
      signal.removeEventListener('abort', breakOff);
      if (meter.hasBegun()) measured.add(nameOf(candidate), meter.sample(how.usage));
      sent.finish({ ...how, text: meter.text() });
    }

    /** By hand: what is returned before it was ever asked must be closed too. */
    function pass(begun: IteratorResult<string, GenerationEnd>): Answering['text'] {
      let waiting: IteratorResult<string, GenerationEnd> | null = begun;
      let isOver = false;
      const iterator = {
        async next(): Promise<IteratorResult<string, GenerationEnd>> {
          if (isOver) return { done: true as const, value: unknownEnd };
          signal.throwIfAborted();
          try {
            const next = waiting ?? (await generation.next());
            if (waiting === null && !next.done) meter.add(next.value);
            waiting = null;
            // What was broken off never ends as if it were complete.
            signal.throwIfAborted();
            if (next.done === true) {
              isOver = true;
              finish({ end: 'done', usage: next.value.usage, failure: null });
            }
            return next;
          } catch (error) {
            isOver = true;
            close(error);
            throw error;
          }
        },
        async return(
          value?: GenerationEnd | PromiseLike<GenerationEnd>,
        ): Promise<IteratorResult<string, GenerationEnd>> {
          if (!isOver) breakOff();
          isOver = true;
          return { done: true as const, value: (await value) ?? unknownEnd };
        },
        throw(error: unknown): Promise<IteratorResult<string, GenerationEnd>> {
          if (!isOver) breakOff();
          isOver = true;
          return Promise.reject(error instanceof Error ? error : new Error('The reader gave up.'));
        },
        [Symbol.asyncIterator](): Answering['text'] {
          return iterator;
        },
        async [Symbol.asyncDispose](): Promise<void> {
          await iterator.return();
        },
      };
      return iterator;
    }
  }

  function trackLoad(candidate: Candidate, first: Promise<unknown>): void {
    const name = nameOf(candidate);
    const load: Promise<void> = first.then(
      () => undefined,
      () => undefined,
    );
    loading.set(name, load);
    void load.finally(() => loading.delete(name));
  }
}

interface Sent {
  readonly isTest: boolean;
  /** It has begun to answer. */
  begun(): void;
  finish(how: {
    readonly end: SendingEnd;
    readonly usage: Usage | null;
    readonly text: string;
    readonly failure: ModelFailure | null;
  }): void;
}

interface Meter {
  add(text: string): void;
  hasBegun(): boolean;
  text(): string;
  sample(usage: Usage | null): Parameters<Measured['add']>[1];
}

function createMeter(now: () => number, wasCold: boolean): Meter {
  const startedMs = now();
  let text = '';
  let firstMs: number | null = null;
  let lineMs: number | null = null;
  let lastMs = startedMs;
  return {
    add(part) {
      lastMs = now();
      firstMs ??= lastMs;
      text += part;
      if (lineMs === null && /\S[^\n]*\n/.test(text)) lineMs = lastMs - startedMs;
    },
    hasBegun: () => firstMs !== null,
    text: () => text,
    sample(usage) {
      const first = firstMs ?? lastMs;
      // An answer of one line ends without a break.
      const line = lineMs ?? (usage !== null && text.trim() !== '' ? lastMs - startedMs : null);
      return {
        firstTextMs: first - startedMs,
        lineMs: line,
        textMs: lastMs - first,
        characters: text.length,
        usage,
        wasCold,
      };
    },
  };
}

const noUsage: Usage = { promptTokens: null, cachedTokens: null, completionTokens: null };
const unknownEnd: GenerationEnd = { stop: 'unknown', usage: noUsage };

function nameOf({ known, model }: Candidate): string {
  return `${known.name}/${model.name}`;
}

function endOf(failure: ModelFailure | null, signal: AbortSignal): SendingEnd {
  if (failure === null) return signal.aborted ? 'aborted' : 'failed';
  return failure.trouble === 'unreachable' ? 'not-sent' : 'failed';
}
