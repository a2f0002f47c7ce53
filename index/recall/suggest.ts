import type { DocSnapshot } from '../../server/base/snapshot.js';
import { decode, type Decoded } from './decode.js';
import { isWordCode } from './lexer.js';
import type { Predictor, Surroundings } from './predictor.js';
import type { Ranker } from './ranker.js';
import type { Origin, Silence, SuggestOptions, Suggestion } from './recall.js';
import { holdsSecret } from './secretShape.js';
import { regionOf } from './tokenKinds.js';

/** One whole question: the place, the text that is likely there, and whether it may be shown. */
export function suggestAt(
  predictor: Predictor,
  surroundings: Surroundings,
  ranker: Ranker,
  snapshot: DocSnapshot,
  offset: number,
  options: SuggestOptions,
): Suggestion | { readonly silence: Silence } {
  const { text } = snapshot;
  if (offset < text.length && isWordCode(text.charCodeAt(offset))) return { silence: 'inside-word' };
  predictor.begin(surroundings, text, offset);
  const { query } = predictor;
  // In strings and comments words follow each other more freely than in code: only what is much surer counts.
  const inCode = query.region === regionOf.code;
  const minConfidence = inCode ? options.minConfidence : Math.sqrt(options.minConfidence);
  const silence =
    query.region === regionOf.string ? 'in-string' : query.region === regionOf.comment ? 'in-comment' : 'unsure';
  const decoded = decode(predictor, surroundings, ranker, { minConfidence, maxLines: options.maxLines });
  if (decoded === null) return { silence };
  const shown = decoded.text.length - query.typed.length;
  const isTooShort = shown < Math.max(1, options.minChars) || decoded.text.slice(query.typed.length).trim() === '';
  if (isTooShort) return { silence };
  const line = text.slice(Math.max(query.lineStart, query.wordStart - 120), query.wordStart);
  if (holdsSecret(line + decoded.text)) return { silence: 'unsure' };
  if (isRejected(decoded.text, query.typed.length, options.rejected ?? [])) return { silence: 'unsure' };
  return {
    start: query.wordStart,
    end: offset,
    text: decoded.text,
    confidence: decoded.steps.at(-1)?.confidence ?? 0,
    steps: decoded.steps.map(({ end, confidence }) => ({ end, confidence })),
    origin: originOf(decoded, snapshot.path),
  };
}

/** Rejected texts count with and without what was typed, and so does what only goes on from them. */
function isRejected(text: string, typedChars: number, rejected: readonly string[]): boolean {
  const shown = text.slice(typedChars);
  return rejected.some(one => one !== '' && (text.startsWith(one) || shown.startsWith(one) || one.startsWith(text)));
}

/** The match that held out longest: it carries the last token that was found anywhere. */
function originOf({ steps }: Decoded, path: string | null): Origin {
  for (let i = steps.length - 1; i >= 0; i--) {
    const from = steps[i]?.from ?? null;
    if (from !== null) return from.source.originOf(from.position);
  }
  return { kind: 'scope', path, line: 0 };
}
