import type { Log } from '../../base/log.js';
import type { DocSnapshot } from '../../base/snapshot.js';
import { ModelFailure } from '../../model/backend.js';
import type { Models, Serving } from '../../model/models.js';
import type { ReasonCode } from '../completer.js';
import { goesAlong, typedSince, type Split } from './along.js';
import { startFlight, type Asked, type Flight } from './flight.js';
import type { GenerationCache } from './generationCache.js';
import { createRhythm, type Rhythm } from './rhythm.js';

/** What models say in one document: at most one of them is asked at a time, and its answer belongs to the document. */
export interface FillIns {
  readonly rhythm: Rhythm;
  /** What comes right of the cursor, as far as it is there within `waitMs`; never rejects. */
  at(want: FillInWant, signal: AbortSignal): Promise<FilledIn | Unfilled>;
  /** Asks for what comes after a suggestion, as if it were accepted, unless something better is under way. */
  ahead(want: FillInWant): void;
  /** Ends what is under way. */
  close(): void;
}

export interface FillInWant {
  readonly snapshot: DocSnapshot;
  readonly offset: number;
  /** Canonical language id. */
  readonly languageId: string;
  /** Somebody presses a key for it: asked at once, whatever was typed how fast. */
  readonly isInvoked: boolean;
  readonly waitMs: number;
}

export interface FilledIn {
  /** Right of the cursor, with \n line ends. */
  readonly text: string;
  readonly model: string;
  /** False: more of it is on its way. */
  readonly isWhole: boolean;
}

export interface Unfilled {
  readonly reason: ReasonCode;
}

export interface FillInParts {
  readonly models: Pick<Models, 'serving'>;
  /** Gathers context and asks. */
  readonly ask: (want: FillInWant, serving: Serving, isAhead: boolean, signal: AbortSignal) => Promise<Asked | null>;
  readonly cache: GenerationCache;
  readonly now: () => number;
  readonly log: Log;
  /** An answer has come that no request waits for any more. */
  readonly onLate: () => void;
}

/** So large a share of the answers has to fit what is typed next, for asking in between keys. */
const trustedShare = 0.8;
const weight = 0.3;
/** After so many units that fit, an answer has shown its worth. */
const fittingUnits = 2;
/** In one burst of typing a model is asked when it begins, and again when it is over or its answer does not fit. */
const mostInBurst = 2;
/** By then sources that were late have found what there is. */
const againAfterMs = 60;
/** An answer that never ends is given up; a model that is being loaded has longer. */
const longestFlightMs = 20_000;
const longestLoadMs = 120_000;

export function createFillIns(parts: FillInParts): FillIns {
  const { models, cache, now, log } = parts;
  const rhythm = createRhythm();
  let flight: Flight | null = null;
  /** The last that came to its end: what an editor closes by itself is seen by comparing with it, not by the cache. */
  let landed: { readonly flight: Flight; readonly model: string } | null = null;
  /** The last one that set off, until what was typed next has shown whether it fits. */
  let unjudged: Flight | null = null;
  let survival = 0.5;
  /** Why the last flight of the request that waits came to nothing. */
  const failed: { reason: ReasonCode | null } = { reason: null };
  let plan: Plan | null = null;
  let waiting = 0;
  let isClosed = false;

  return { rhythm, at, ahead, close };

  async function at(want: FillInWant, signal: AbortSignal): Promise<FilledIn | Unfilled> {
    const split = splitAt(want);
    const deadline = startDeadline(want.waitMs, signal);
    dropPlan();
    failed.reason = null;
    judge(split);
    waiting++;
    try {
      for (;;) {
        const serving = models.serving('inline', want.languageId, want.snapshot.path);
        if ('reason' in serving) return { reason: serving.isUnwanted === true ? 'unsure' : serving.reason };
        const found =
          fromCache(want, serving, split) ?? fromLanded(want, serving, split) ?? fromFlight(split, deadline.isOver());
        if (found !== null) return found.text === '' ? { reason: 'unsure' } : found;
        if (signal.aborted || isClosed) return { reason: 'superseded' };
        if (failed.reason !== null) return { reason: failed.reason };
        if (deadline.isOver()) return { reason: 'waiting' };
        await oneStep(want, serving, split, deadline.over);
      }
    } finally {
      waiting--;
      deadline.clear();
    }
  }

  /** Waits for what is under way, makes room for what is wanted, or sets off. Resolves when it is worth looking again. */
  async function oneStep(want: FillInWant, serving: Serving, split: Split, over: Promise<void>): Promise<void> {
    if (flight !== null) {
      if (typedAlong(flight, split) !== null) return Promise.race([flight.moved(), over]);
      return Promise.race([makeRoom(flight, serving), over]);
    }
    if (plan !== null) return Promise.race([plan.carriedOut, over]);
    const waitMs = want.isInvoked ? 0 : delayMs(serving);
    if (waitMs === 0) return setOff(want, serving, split, false);
    return Promise.race([planToAsk(want, serving, split, waitMs).carriedOut, over]);
  }

  function planToAsk(want: FillInWant, serving: Serving, split: Split, waitMs: number, isAgain = false): Plan {
    plan = planIn(waitMs, () => {
      plan = null;
      // Another may have set off meanwhile; then the next request sees to it.
      if (flight === null && !isClosed) setOff(want, serving, split, false, isAgain);
    });
    return plan;
  }

  /** What is being loaded, or cannot be stopped, is waited for: a second request would only queue behind it. */
  function makeRoom(other: Flight, serving: Serving): Promise<void> {
    const isStopped = other.isAhead || (!serving.isCold && serving.stopsWhenAborted);
    return isStopped ? other.abort() : other.ended;
  }

  /** At once when the hands have rested, or where answers have lately fitted what was typed next; else when they rest again. */
  function delayMs(serving: Serving): number {
    const asked = rhythm.askedInBurst();
    if (asked === 0) return 0;
    if (asked >= mostInBurst) return rhythm.endsInMs(now());
    return serving.isFree && survival >= trustedShare ? 0 : rhythm.restsInMs(now());
  }

  function setOff(want: FillInWant, serving: Serving, split: Split, isAhead: boolean, isAgain = false): void {
    if (!isAhead && !isAgain) rhythm.asked();
    const flown = startFlight({
      split,
      isAhead,
      ask: signal => parts.ask(want, serving, isAhead, limited(signal, serving)),
      onEnd: ended => land(ended, want, serving, isAgain),
    });
    flight = flown;
    unjudged = isAhead ? null : flown;
  }

  function land(ended: Flight, want: FillInWant, serving: Serving, isAgain: boolean): void {
    if (flight === ended) flight = null;
    if (ended.isWhole()) {
      // It knew too little to say anything: what came too late for it is there by now.
      const isWorthAnother = ended.text() === '' && !ended.sawAll() && !ended.isAhead && !isAgain && serving.isFree;
      if (isWorthAnother && plan === null && !isClosed) {
        planToAsk(want, serving, ended.split, againAfterMs, true);
        return;
      }
      const key = keyOf(want, serving);
      cache.add(key, ended.split, ended.text());
      landed = { flight: ended, model: key.model };
      if (waiting === 0 && !ended.isAhead && !isClosed && ended.text() !== '') parts.onLate();
      return;
    }
    const failure = ended.failure();
    if (isAbort(failure)) return;
    if (!(failure instanceof ModelFailure)) log.error('A model could not be asked.', failure);
    if (!ended.isAhead) failed.reason = reasonOf(failure);
  }

  function fromCache(want: FillInWant, serving: Serving, split: Split): FilledIn | null {
    const key = keyOf(want, serving);
    const text = cache.find(key, split);
    return text === null ? null : { text, model: key.model, isWhole: true };
  }

  function fromLanded(want: FillInWant, serving: Serving, split: Split): FilledIn | null {
    if (landed === null || landed.model !== keyOf(want, serving).model) return null;
    const typed = typedAlong(landed.flight, split);
    const text = typed === null ? '' : landed.flight.text().slice(typed.length);
    return text === '' ? null : { text, model: landed.model, isWhole: true };
  }

  /** What is under way counts once it is whole, or when there is no more time. */
  function fromFlight(split: Split, isOver: boolean): FilledIn | null {
    const typed = flight === null ? null : typedAlong(flight, split);
    if (flight === null || typed === null || !isOver) return null;
    const text = wholeWords(flight.text().slice(typed.length));
    const model = flight.model();
    return text === '' || model === null ? null : { text, model, isWhole: false };
  }

  /** Whether the last answer fitted what was typed since: it decides whether asking between keys is worth its cost. */
  function judge(split: Split): void {
    if (unjudged === null) return;
    const typed = typedSince(unjudged.split, split);
    const text = unjudged.text();
    if (
      typed !== null &&
      goesAlong(text, typed, unjudged.isWhole()) &&
      Math.min(typed.length, text.length) < fittingUnits
    )
      return;
    const fits = typed !== null && goesAlong(text, typed, unjudged.isWhole());
    if (typed !== null) survival += weight * ((fits ? 1 : 0) - survival);
    unjudged = null;
  }

  function ahead(want: FillInWant): void {
    const serving = models.serving('inline', want.languageId, want.snapshot.path);
    if ('reason' in serving || flight !== null || plan !== null || isClosed) return;
    if (!serving.isFree || !serving.stopsWhenAborted || serving.isCold) return;
    const split = splitAt(want);
    if (fromCache(want, serving, split) === null) setOff(want, serving, split, true);
  }

  function close(): void {
    isClosed = true;
    dropPlan();
    // Its end is told to nobody.
    void flight?.abort();
  }

  function dropPlan(): void {
    plan?.drop();
    plan = null;
  }
}

interface Plan {
  readonly carriedOut: Promise<void>;
  drop(): void;
}

/** Carried out even when the request that wanted it is over by then: its answer serves the next one. */
function planIn(waitMs: number, carryOut: () => void): Plan {
  let resolve = (): void => {};
  const carriedOut = new Promise<void>(done => (resolve = done));
  const timer = setTimeout(() => {
    carryOut();
    resolve();
  }, waitMs);
  return {
    carriedOut,
    drop() {
      clearTimeout(timer);
      resolve();
    },
  };
}

interface Deadline {
  readonly over: Promise<void>;
  isOver(): boolean;
  clear(): void;
}

function startDeadline(waitMs: number, signal: AbortSignal): Deadline {
  let isOver = signal.aborted;
  let end = (): void => {};
  const over = new Promise<void>(resolve => {
    end = () => {
      isOver = true;
      resolve();
    };
  });
  if (isOver) end();
  const timer = setTimeout(end, waitMs);
  signal.addEventListener('abort', end, { once: true });
  return {
    over,
    isOver: () => isOver,
    clear() {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      end();
    },
  };
}

function splitAt({ snapshot, offset }: FillInWant): Split {
  return { before: snapshot.text.slice(0, offset), after: snapshot.text.slice(offset) };
}

/** What was typed since a flight set off, where its text can still become that or goes on behind it. */
function typedAlong(flight: Flight, split: Split): string | null {
  const typed = typedSince(flight.split, split);
  return typed !== null && goesAlong(flight.text(), typed, flight.isWhole()) ? typed : null;
}

/** Without the word at the end, which may go on. */
function wholeWords(text: string): string {
  return text.replace(/[\p{L}\p{N}_$]+$/u, '').trimEnd();
}

function limited(signal: AbortSignal, { isCold }: Serving): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(isCold ? longestLoadMs : longestFlightMs)]);
}

function keyOf(
  { snapshot }: FillInWant,
  { backend, model }: Serving,
): { readonly uri: string; readonly model: string } {
  return { uri: snapshot.uri, model: `${backend}/${model}` };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

function reasonOf(failure: unknown): ReasonCode {
  if (!(failure instanceof ModelFailure)) return 'failed';
  return failure.trouble === 'budget-reached' ? 'budget-reached' : 'no-backend';
}
