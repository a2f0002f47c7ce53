import { columnOf, featureNames } from '../../../index/recall/featureNames.js';
import { createRanker, type Weights } from '../../../index/recall/ranker.js';
import type { RecallInProcess } from '../../../index/recall/createRecallInProcess.js';
import type { Silence, SuggestOptions, Suggestion } from '../../../index/recall/recall.js';
import type { DocSnapshot } from '../../../server/base/snapshot.js';

export const cursorMark = '¦';

export const defaultOptions: SuggestOptions = { minConfidence: 0.5, minChars: 1, maxLines: 1 };

/** Believes in the heaviest candidate, unless another is as heavy: what is found is tested here, not what was learnt. */
export const topWeights: Weights = {
  version: 1,
  features: featureNames,
  f: [columnOf.isTop, -1, columnOf.margin, -1, -1],
  th: [0.5, 0, 0, 0, 0],
  l: [1, 0, 3, 0, 0],
  r: [2, 0, 4, 0, 0],
  v: [0, -12, 0, -12, 4],
  roots: [0],
};

export const topRanker = createRanker(topWeights);

/** A document from text with a mark where the cursor is. */
export function marked(
  text: string,
  path = '/work/here.ts',
): { readonly snapshot: DocSnapshot; readonly offset: number } {
  const offset = text.indexOf(cursorMark);
  const snapshot = { uri: `file://${path}`, path, languageId: '', version: 1, text: text.replace(cursorMark, '') };
  return { snapshot, offset };
}

/** What is shown at the mark: the text behind the cursor, or the reason of silence in angle brackets. */
export function shownAt(
  recall: RecallInProcess,
  text: string,
  options: Partial<SuggestOptions> = {},
  path?: string,
): string {
  const { snapshot, offset } = marked(text, path);
  return shown(recall.suggest(snapshot, offset, { ...defaultOptions, ...options }), offset);
}

export function shown(answer: Suggestion | { readonly silence: Silence }, offset: number): string {
  return 'silence' in answer ? `<${answer.silence}>` : answer.text.slice(offset - answer.start);
}
