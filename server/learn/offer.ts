import type { TextEdit } from '../base/snapshot.js';

/** A suggestion that stands in the editor, followed through the edits that come after it. Offsets are into the newest text. */
export interface Offer {
  readonly id: string;
  readonly languageId: string;
  readonly confidence: number;
  /** Where the text begins. */
  readonly start: number;
  /** The line left of `start`, and the nearest line with text above it: they tell whether the place is the same. */
  readonly before: string;
  readonly above: string;
  readonly text: string;
  /** How many units of `text` are on offer now: less where the rest already stands right of the cursor. */
  readonly length: number;
  readonly matchedAtFirst: number;
  /** How many units of `text` stand in the document, up to the cursor. */
  readonly matched: number;
  /** Units of those that came in pieces larger than a hand types. */
  readonly inserted: number;
  readonly shownAtMs: number;
}

export interface Followed {
  readonly offer: Offer;
  readonly state: 'standing' | 'accepted' | 'typed' | 'diverged';
}

/** Editors gather what is typed within some 150 ms into one change: up to this many units may come from a fast hand. */
const typedAtOnceUnits = 3;

/**
 * What became of an offer by `edits`, which lead to `text`: acceptance is our text appearing at its place, since hardly any
 * editor says so. Costs no more than the length of the offer.
 */
export function followOffer(offer: Offer, edits: readonly TextEdit[], text: string): Followed {
  let start = offer.start;
  let reach = start + offer.matched;
  let last: TextEdit | null = null;
  let writtenUnits = 0;
  for (const edit of edits) {
    const delta = edit.text.length - (edit.end - edit.start);
    const isBefore = edit.end < start || (edit.end === start && edit.start < start);
    if (isBefore) {
      start += delta;
      reach += delta;
      last = last === null ? null : moveBy(last, delta);
    } else if (edit.start <= reach) {
      last = edit;
      writtenUnits += edit.text.length;
      reach = Math.max(start, edit.start + edit.text.length);
    }
  }
  const moved = { ...offer, start };
  if (!standsBehind(moved, text)) return { offer: moved, state: 'diverged' };
  return last === null ? { offer: moved, state: 'standing' } : judge(moved, last, writtenUnits, text);
}

function moveBy(edit: TextEdit, delta: number): TextEdit {
  return { start: edit.start + delta, end: edit.end + delta, text: edit.text };
}

function judge(offer: Offer, edit: TextEdit, writtenUnits: number, text: string): Followed {
  const { start } = offer;
  const common = commonLength(offer.text, text, start);
  const written = edit.start + edit.text.length - start;
  const wholeTextCame = edit.start < start;
  const matched = wholeTextCame ? common : Math.min(common, written);
  const beyond = wholeTextCame ? '' : text.slice(start + matched, start + written);
  const isErased = matched < offer.matchedAtFirst;
  if (isErased || (beyond !== '' && !isAutoClosed(beyond, writtenUnits))) {
    return { offer: { ...offer, matched }, state: 'diverged' };
  }
  const grown = matched - offer.matched;
  const atOnce = grown > typedAtOnceUnits && offer.text.slice(offer.matched, matched).trim() !== '';
  const inserted = Math.min(matched, offer.inserted + (atOnce && endsWord(offer.text, matched) ? grown : 0));
  const next = { ...offer, matched, inserted };
  if (matched < offer.length) return { offer: next, state: 'standing' };
  return { offer: next, state: atOnce ? 'accepted' : 'typed' };
}

/** What an editor adds by itself right of what was typed: the closing half of a pair. */
function isAutoClosed(beyond: string, writtenUnits: number): boolean {
  return writtenUnits > beyond.length && /^[\s)\]}>"'`;]*$/.test(beyond);
}

function standsBehind(offer: Offer, text: string): boolean {
  return offer.start >= offer.before.length && text.startsWith(offer.before, offer.start - offer.before.length);
}

function commonLength(offered: string, text: string, start: number): number {
  let length = 0;
  while (length < offered.length && offered.charCodeAt(length) === text.charCodeAt(start + length)) length++;
  return length;
}

function endsWord(text: string, at: number): boolean {
  return !(/[\p{L}\p{N}_]$/u.test(text.slice(0, at)) && /^[\p{L}\p{N}_]/u.test(text.slice(at)));
}
