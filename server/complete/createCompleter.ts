import type { Log } from '../base/log.js';
import type { DocSnapshot } from '../base/snapshot.js';
import { followOffer, type Offer } from '../learn/offer.js';
import { createOutcomes, type Outcome } from '../learn/outcomes.js';
import { answerOnce, nothing } from './answerOnce.js';
import type { Attempt, Parts } from './attempt.js';
import type { Candidate } from './candidate.js';
import type { Completer, CompletionAnswer, CompletionRequest } from './completer.js';
import { createImportBook } from './importBook.js';
import { lexLine } from './lexLine.js';
import { askModel } from './model/askModel.js';
import { createFillIns, type FillIns } from './model/fillIns.js';
import { createGenerationCache } from './model/generationCache.js';
import { newOffer, offerAlong } from './offerOf.js';
import { createOpenText, type OpenText } from './openTexts.js';
import { placeOf, type Place } from './place.js';
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
/** Who has not typed on for so long may be reading a suggestion: what comes after it is asked for meanwhile. */
const aheadAfterMs = 150;
/** What is not found by then is left out: the answer is waited for. */
const importDeadlineMs = 15;

export function createCompleter(options: CompleterOptions): Completer {
  const { settings, now, log, onOutcome } = options;
  const texts = new Map<string, OpenText>();
  const outcomes = createOutcomes(onOutcome);
  const switches = createSwitches(
    key => (key === null ? settings('').enabled : isOn(settings(key.uri), key.languageId)),
    now,
  );
  const parts: Parts = { checkDeadlineMs: usualCheckDeadlineMs, ...options, switches };
  const generations = createGenerationCache(now);
  const imports = createImportBook(parts.findImports ?? (() => Promise.resolve([])), log);
  const readyListeners = new Set<(uri: string) => void>();
  let made = 0;

  return {
    open(snapshot) {
      close(snapshot.uri);
      texts.set(snapshot.uri, createOpenText(snapshot, fillInsFor(snapshot.uri)));
    },
    change(snapshot, edits) {
      const open = texts.get(snapshot.uri);
      if (open === undefined) return;
      open.snapshot = snapshot;
      open.rejections.age();
      open.fillIns?.rhythm.edited(edits, now());
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
    importsOf: (id, current) => imports.renewed(id, current),
    shown: id => update(id, offer => ({ ...offer, shownAtMs: now() })),
    outcomes: () => outcomes.counts(),
    onReady(listener) {
      readyListeners.add(listener);
      return () => readyListeners.delete(listener);
    },
    switches,
  };

  function close(uri: string): void {
    const open = texts.get(uri);
    if (open === undefined) return;
    open.supersede?.();
    open.fillIns?.close();
    imports.forget(uri);
    finish(open, 'diverged');
    texts.delete(uri);
  }

  function fillInsFor(uri: string): FillIns | null {
    const { model } = parts;
    if (model === undefined) return null;
    return createFillIns({
      models: model.models,
      ask: (want, serving, isAhead, signal) => askModel(model, want, serving, isAhead, signal),
      cache: generations,
      now,
      log,
      onLate() {
        for (const listener of readyListeners) listener(uri);
      },
    });
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
    const answered = emit(run.attempt, run.candidate, run.timings);
    return request.withImports === true ? withImports(answered, request, run.candidate) : answered;
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
      others: [],
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
    // Less of the same: nobody has refused or typed it.
    if (open.standing?.candidate.isPartial === true) open.standing = null;
    const { standing } = open;
    const isSame = standing !== null && standing.offer.id === standingId;
    if (isSame) {
      open.standing = { ...standing, offer: offerAlong(standing.offer, attempt, candidate) };
    } else {
      // What stood here fitted, or it would have been left; all that was new of it stands right of the cursor by now.
      finish(open, 'typed');
      open.standing = {
        offer: newOffer(`u${(++made).toString(36)}`, attempt, candidate, now()),
        candidate,
        snapshot: attempt.snapshot,
      };
    }
    const id = open.standing.offer.id;
    afterReading(attempt, candidate, id);
    const { start, end, text, confidence, origin } = candidate;
    const source = origin.kind === 'model' ? 'model' : 'recall';
    return {
      items: [{ id, start, end, text, confidence, source, origin, imports: [] }],
      reason: null,
      steps: timings,
    };
  }

  async function withImports(
    answer: CompletionAnswer,
    { snapshot }: CompletionRequest,
    candidate: Candidate,
  ): Promise<CompletionAnswer> {
    const items = answer.items.map(async item => {
      imports.look(item.id, snapshot, candidate);
      return { ...item, imports: await imports.soon(item.id, importDeadlineMs) };
    });
    return { ...answer, items: await Promise.all(items) };
  }

  /** Somebody who does not type on may accept: what is needed then is got meanwhile. */
  function afterReading({ open, snapshot, place, settings }: Attempt, candidate: Candidate, id: string): void {
    setTimeout(() => {
      if (open.snapshot !== snapshot || open.standing?.offer.id !== id) return;
      imports.look(id, snapshot, candidate);
      if (settings.models && candidate.isPartial !== true) askAhead(open, snapshot, place, candidate);
    }, aheadAfterMs).unref();
  }

  /** What comes after a suggestion, as if it were accepted: then the next one is there at once. */
  function askAhead({ fillIns }: OpenText, snapshot: DocSnapshot, place: Place, { start, end, text }: Candidate): void {
    fillIns?.ahead({
      // No version that the tree thread knows: its tree is of another text.
      snapshot: { ...snapshot, version: -1, text: snapshot.text.slice(0, start) + text + snapshot.text.slice(end) },
      offset: start + text.length,
      languageId: place.language.id,
      isInvoked: false,
      waitMs: 0,
    });
  }

  function finish(open: OpenText, how: 'accepted' | 'typed' | 'diverged'): void {
    const { standing } = open;
    if (standing === null) return;
    open.standing = null;
    // Somebody quicker than the look for imports.
    if (how === 'accepted') imports.look(standing.offer.id, standing.snapshot, standing.candidate);
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
