import type { Log } from '../base/log.js';
import { followOffer } from '../learn/offer.js';
import { createOutcomes, type Outcome } from '../learn/outcomes.js';
import type { Attempt, Parts } from './attempt.js';
import type { Completer, Completion, CompletionAnswer, CompletionRequest, ReasonCode } from './completer.js';
import { lexLine } from './lexLine.js';
import { createOpenText, type OpenText } from './openTexts.js';
import { placeOf } from './place.js';
import { isOn } from './steps/enabled.js';
import { steps } from './steps/steps.js';
import { isAlong } from './steps/typingForward.js';
import { createSwitches } from './switches.js';

export interface CompleterOptions extends Omit<Parts, 'switches'> {
  readonly log: Log;
  /** Told of every suggestion that came to an end, once, or twice when the client corrects what the text seemed to say. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

export function createCompleter(options: CompleterOptions): Completer {
  const { settings, now, log, onOutcome } = options;
  const texts = new Map<string, OpenText>();
  const outcomes = createOutcomes(onOutcome);
  const switches = createSwitches(
    key => (key === null ? settings('').enabled : isOn(settings(key.uri), key.languageId)),
    now,
  );
  const parts: Parts = { ...options, switches };
  let made = 0;

  return {
    open: snapshot => texts.set(snapshot.uri, createOpenText(snapshot)),
    change(snapshot, edits) {
      const open = texts.get(snapshot.uri);
      if (open === undefined) return;
      open.snapshot = snapshot;
      open.rejections.age();
      if (open.standing === null) return;
      const { offer, state } = followOffer(open.standing.offer, edits, snapshot.text);
      open.standing = { ...open.standing, offer };
      if (state !== 'standing') finish(open, state);
    },
    close(uri) {
      const open = texts.get(uri);
      if (open === undefined) return;
      open.supersede?.();
      finish(open, 'diverged');
      texts.delete(uri);
    },
    complete: (request, signal) => supersedeAndAnswer(request, signal),
    accepted(id) {
      const open = standingWith(id);
      if (open === null) outcomes.correct(id);
      else finish(open, 'accepted');
    },
    partlyAccepted(id, length) {
      update(id, offer => ({ ...offer, inserted: Math.min(offer.length, Math.max(offer.inserted, length)) }));
    },
    shown: id => update(id, offer => ({ ...offer, shownAtMs: now() })),
    outcomes: () => outcomes.counts(),
    switches,
  };

  /** Each request is answered once: by its steps, by a newer request, or by its cancellation, whichever comes first. */
  async function supersedeAndAnswer(request: CompletionRequest, signal: AbortSignal): Promise<CompletionAnswer> {
    const open = texts.get(request.snapshot.uri);
    if (open === undefined) return nothing('not-open', []);
    open.supersede?.();
    if (signal.aborted) return nothing('cancelled', []);
    // Where things stand is known for the newest text only.
    if (open.snapshot.version !== request.snapshot.version) return nothing('superseded', []);
    const ending = new AbortController();
    const ended = new Promise<CompletionAnswer>(resolve => {
      open.supersede = () => end('superseded');
      const cancel = (): void => end('cancelled');
      signal.addEventListener('abort', cancel, { once: true, signal: ending.signal });
      function end(reason: ReasonCode): void {
        resolve(nothing(reason, []));
        ending.abort();
      }
    });
    const mine = open.supersede;
    try {
      return await Promise.race([ended, answer(request, open, ending.signal)]);
    } catch (error) {
      log.error(`completing ${request.snapshot.uri} failed`, error);
      return nothing('failed', []);
    } finally {
      if (open.supersede === mine) open.supersede = null;
      ending.abort();
    }
  }

  async function answer(request: CompletionRequest, open: OpenText, signal: AbortSignal): Promise<CompletionAnswer> {
    const timings: { name: string; ms: number }[] = [];
    let attempt = attemptOf(request, open);
    leaveElsewhere(attempt);
    for (const step of steps) {
      const startedAt = now();
      const pending = step.run(attempt, parts, signal);
      // What is done at once is handed on at once: a keystroke waits for no turn of the loop without need.
      const result = pending instanceof Promise ? await pending : pending;
      timings.push({ name: step.name, ms: now() - startedAt });
      if (signal.aborted) return nothing('superseded', timings);
      if ('ended' in result) return nothing(result.ended, timings);
      attempt = result;
    }
    if (attempt.unchecked) timings.push({ name: 'unchecked', ms: 0 });
    // The text has moved on while the tree was asked: the client will ask again, and would draw this in a wrong place.
    if (open.snapshot.version !== request.snapshot.version) return nothing('superseded', timings);
    return emit(attempt, timings);
  }

  function attemptOf(request: CompletionRequest, open: OpenText): Attempt {
    const { snapshot } = request;
    const place = placeOf(snapshot, request.offset);
    return {
      request,
      snapshot,
      settings: settings(snapshot.uri),
      place,
      lineState: lexLine(place.prefix, place.language),
      open,
      candidate: null,
      standingId: null,
      unchecked: false,
    };
  }

  /** A cursor somewhere else, or text that does not fit, means that what stood there was not wanted. */
  function leaveElsewhere({ open, request }: Attempt): void {
    const { standing } = open;
    if (standing === null || isAlong(standing.offer, request.snapshot.text, request.offset)) return;
    finish(open, 'diverged');
  }

  function emit(attempt: Attempt, timings: CompletionAnswer['steps']): CompletionAnswer {
    const { candidate, open, standingId, place, request } = attempt;
    if (candidate === null) return nothing('unsure', timings);
    const { start, end, text, confidence, origin } = candidate;
    const id = standingId ?? `u${(++made).toString(36)}`;
    const item: Completion = { id, start, end, text, confidence, source: 'recall', origin };
    const { standing } = open;
    if (standingId === null || standing === null) {
      if (standing !== null) finish(open, 'diverged');
      const typed = request.offset - start;
      const offer = {
        id,
        languageId: place.language.id,
        confidence,
        start,
        before: place.prefix.slice(0, place.prefix.length - typed),
        above: place.above[0] ?? '',
        text,
        length: text.length,
        matchedAtFirst: typed,
        matched: typed,
        inserted: 0,
        shownAtMs: now(),
      };
      open.standing = { offer, candidate };
    } else {
      const { offer } = standing;
      const length = start - offer.start + text.length;
      open.standing = { ...standing, offer: { ...offer, matched: request.offset - offer.start, length } };
    }
    return { items: [item], reason: null, steps: timings };
  }

  function finish(open: OpenText, how: 'accepted' | 'typed' | 'diverged'): void {
    const { standing } = open;
    if (standing === null) return;
    open.standing = null;
    const outcome = outcomes.finish(standing.offer, how, now());
    if (outcome.kind === 'rejected') open.rejections.add(standing.offer, now());
    log.debug(`suggestion ${outcome.id}: ${outcome.kind} after ${Math.round(outcome.shownMs)} ms`);
  }

  function standingWith(id: string): OpenText | null {
    for (const open of texts.values()) if (open.standing?.offer.id === id) return open;
    return null;
  }

  function update(id: string, change: (offer: NonNullable<OpenText['standing']>['offer']) => typeof offer): void {
    const open = standingWith(id);
    if (open?.standing) open.standing = { ...open.standing, offer: change(open.standing.offer) };
  }
}

function nothing(reason: ReasonCode, timings: CompletionAnswer['steps']): CompletionAnswer {
  return { items: [], reason, steps: timings };
}
