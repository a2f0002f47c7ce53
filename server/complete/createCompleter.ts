import type { Log } from '../base/log.js';
import { followOffer, type Offer } from '../learn/offer.js';
import { createOutcomes, type Outcome } from '../learn/outcomes.js';
import { answerOnce, nothing } from './answerOnce.js';
import type { Attempt, Parts } from './attempt.js';
import type { Candidate } from './candidate.js';
import type { Completer, CompletionAnswer, CompletionRequest } from './completer.js';
import { lexLine } from './lexLine.js';
import { newOffer, offerAlong } from './offerOf.js';
import { createOpenText, type OpenText } from './openTexts.js';
import { placeOf } from './place.js';
import { runSteps } from './runSteps.js';
import { isOn } from './steps/enabled.js';
import { isAlong } from './steps/typingForward.js';
import { createSwitches } from './switches.js';

export interface CompleterOptions extends Omit<Parts, 'switches' | 'checkDeadlineMs'> {
  readonly log: Log;
  /** Told of every suggestion that came to an end, once, or twice when the client corrects what the text seemed to say. */
  readonly onOutcome?: (outcome: Outcome) => void;
  readonly checkDeadlineMs?: number;
}

/** Longer than this nobody waits: the next keystroke is under way. */
const usualCheckDeadlineMs = 40;

export function createCompleter(options: CompleterOptions): Completer {
  const { settings, now, log, onOutcome } = options;
  const texts = new Map<string, OpenText>();
  const outcomes = createOutcomes(onOutcome);
  const switches = createSwitches(
    key => (key === null ? settings('').enabled : isOn(settings(key.uri), key.languageId)),
    now,
  );
  const parts: Parts = { checkDeadlineMs: usualCheckDeadlineMs, ...options, switches };
  let made = 0;

  return {
    open(snapshot) {
      close(snapshot.uri);
      texts.set(snapshot.uri, createOpenText(snapshot));
    },
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
    close,
    complete,
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
    onReady: () => () => {},
    switches,
  };

  function close(uri: string): void {
    const open = texts.get(uri);
    if (open === undefined) return;
    open.supersede?.();
    finish(open, 'diverged');
    texts.delete(uri);
  }

  async function complete(request: CompletionRequest, signal: AbortSignal): Promise<CompletionAnswer> {
    const open = texts.get(request.snapshot.uri);
    if (open === undefined) return nothing('not-open');
    open.supersede?.();
    // Where things stand is known for the newest text only.
    if (isOutdated(request, open)) return nothing('superseded');
    const flight = answerOnce(ending => answer(request, open, ending), signal);
    open.supersede = flight.supersede;
    try {
      return await flight.answer;
    } catch (error) {
      log.error('A completion failed.', error);
      return nothing('failed');
    } finally {
      if (open.supersede === flight.supersede) open.supersede = null;
    }
  }

  async function answer(request: CompletionRequest, open: OpenText, signal: AbortSignal): Promise<CompletionAnswer> {
    leaveElsewhere(request, open);
    const run = await runSteps(attemptOf(request, open), parts, signal);
    if (run.attempt === null) return run.answer;
    // The text has moved on while the tree was asked: the client will ask again, and would draw this in a wrong place.
    if (isOutdated(request, open)) return nothing('superseded', run.timings);
    return emit(run.attempt, run.candidate, run.timings);
  }

  function attemptOf(request: CompletionRequest, open: OpenText): Attempt {
    const { snapshot, offset } = request;
    const place = placeOf(snapshot, offset);
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
  function leaveElsewhere({ snapshot, offset }: CompletionRequest, open: OpenText): void {
    if (open.standing !== null && !isAlong(open.standing.offer, snapshot.text, offset)) finish(open, 'diverged');
  }

  function emit(attempt: Attempt, candidate: Candidate, timings: CompletionAnswer['steps']): CompletionAnswer {
    const { open, standingId } = attempt;
    const { standing } = open;
    const isSame = standing !== null && standing.offer.id === standingId;
    if (isSame) {
      open.standing = { ...standing, offer: offerAlong(standing.offer, attempt, candidate) };
    } else {
      // What stood here fitted, or it would have been left; all that was new of it stands right of the cursor by now.
      finish(open, 'typed');
      open.standing = { offer: newOffer(`u${(++made).toString(36)}`, attempt, candidate, now()), candidate };
    }
    const { start, end, text, confidence, origin, imports } = candidate;
    const id = open.standing.offer.id;
    const source = origin.kind === 'model' ? 'model' : 'recall';
    return {
      items: [{ id, start, end, text, confidence, source, origin, imports }],
      reason: null,
      steps: timings,
    };
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

  function update(id: string, change: (offer: Offer) => Offer): void {
    const open = standingWith(id);
    if (open?.standing) open.standing = { ...open.standing, offer: change(open.standing.offer) };
  }
}

/** Clients that count no versions give each text the same. */
function isOutdated({ snapshot }: CompletionRequest, open: OpenText): boolean {
  return (
    open.snapshot !== snapshot && (open.snapshot.version !== snapshot.version || open.snapshot.text !== snapshot.text)
  );
}
