import { Draft, lineBreaksOf, type DraftStep } from './draft.js';
import { noDelimiters } from './delimiters.js';
import { codeState, lex } from './lexer.js';
import type { Predictor, Surroundings } from './predictor.js';
import { bracketChange } from './query.js';
import type { Ranker } from './ranker.js';
import type { SuggestOptions } from './recall.js';
import { TokenBuffer } from './tokenBuffer.js';
import { idMask, kindOf, newline } from './tokenKinds.js';

export interface Decoded {
  readonly text: string;
  readonly steps: readonly DraftStep[];
}

const maxSteps = 64;
/** Marks that editors put right of the cursor by themselves. */
const closingMarks = /^[)\]}"'`;,:>\s]*$/;

/**
 * Follows the likeliest token from where the predictor has begun, and ends where the product of their probabilities
 * falls below `options.minConfidence`, where the text right of the cursor begins again, or after `options.maxLines`.
 * Above one half no other path can be likelier than the greedy one; below, it is still the better one to show.
 */
export function decode(
  predictor: Predictor,
  { document }: Surroundings,
  ranker: Ranker,
  options: Pick<SuggestOptions, 'minConfidence' | 'maxLines'>,
): Decoded | null {
  const { query, vocabulary } = predictor;
  const draft = new Draft(predictor, document);
  const edge = new Edge(predictor);
  const wholeLines: number[] = [];
  const startsLine = query.column === 0 && query.typed === '' && query.suffix === '';
  let lineSteps = startsLine ? 0 : -1;
  let confidence = 1;
  for (let taken = 0; taken < maxSteps; taken++) {
    predictor.collect();
    const best = predictor.best(ranker);
    if (best === null) break;
    const { candidate, probability } = best;
    confidence *= probability;
    if (confidence < options.minConfidence) break;
    if (edge.isReachedBy(candidate.id)) break;
    if (candidate.id === newline) {
      if (draft.lineBreaks + lineBreaksOf(candidate) >= options.maxLines) break;
      if (lineSteps >= 0 && repeatsLineAfter(predictor, wholeLines)) return cutBack(draft, lineSteps);
      lineSteps = draft.steps.length;
      wholeLines.length = 0;
    } else wholeLines.push(candidate.id);
    draft.add(candidate, confidence);
    predictor.advance(candidate.id);
  }
  if (lineSteps >= 0 && repeatsLineAfter(predictor, wholeLines)) return cutBack(draft, lineSteps);
  if (query.suffix !== '' && !closingMarks.test(query.suffix) && !edge.wasReached) return null;
  return draft.steps.length === 0 ? null : { text: draft.text, steps: draft.steps };

  function repeatsLineAfter({ query: { after, afterCount } }: Predictor, ids: readonly number[]): boolean {
    if (ids.length < 2 || !ids.some(id => vocabulary.kinds[id] === kindOf.identifier)) return false;
    if (ids.length > afterCount || ids.some((id, i) => after[i] !== id)) return false;
    return ids.length === afterCount || after[ids.length] === newline;
  }
}

/** The text without what follows the given number of steps. */
function cutBack(draft: Draft, steps: number): Decoded | null {
  const last = draft.steps[steps - 1];
  return last === undefined ? null : { text: draft.text.slice(0, last.end), steps: draft.steps.slice(0, steps) };
}

/** Where the text right of the cursor takes over: what stands there must not be written a second time. */
class Edge {
  wasReached = false;
  readonly #first: number;
  readonly #predictor: Predictor;
  #depth = 0;
  #openQuote = -1;

  constructor(predictor: Predictor) {
    this.#predictor = predictor;
    this.#first = firstToken(predictor);
  }

  isReachedBy(id: number): boolean {
    if (this.#first < 0) return false;
    if (id === newline) return true;
    const kind = this.#predictor.vocabulary.kinds[id]!;
    if (this.#openQuote < 0 && this.#depth <= 0 && id === this.#first) return (this.wasReached = true);
    const change = bracketChange(kind);
    if (this.#openQuote < 0) {
      // What closes a bracket that is not ours would leave the one on the right without its partner.
      if (this.#depth + change < 0) return true;
      this.#depth += change;
    }
    if (isQuote(kind)) {
      if (this.#openQuote < 0) this.#openQuote = id;
      else if (this.#openQuote === id) this.#openQuote = -1;
    }
    return false;
  }
}

function firstToken(predictor: Predictor): number {
  const { query, vocabulary } = predictor;
  if (query.suffix === '') return -1;
  const tokens = new TokenBuffer(16);
  lex(query.suffix, 0, Math.min(query.suffix.length, 100), codeState, noDelimiters, vocabulary, tokens);
  return tokens.length === 0 ? -1 : tokens.words[0]! & idMask;
}

function isQuote(kind: number): boolean {
  return kind >= 16 && kind <= 18;
}
