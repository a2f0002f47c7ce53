import { languageOf, otherText } from '../../../grammars/registry.js';
import { shapeByText } from '../../../grammars/shapeByText.js';
import type { Shape, Trees } from '../../../grammars/trees.js';
import { createShapeCutter } from '../shapeCutter.js';
import { withDeadline } from '../withDeadline.js';
import type { Cutter } from './flight.js';
import type { FillInWant } from './fillIns.js';

/** The tree thread answers in a millisecond or two; where it is busy, the text alone decides. */
const deadlineMs = 30;
/** Only so much of the document is looked at near the cursor. */
const nearUnits = 4000;

/** How much is wanted at a place, as a cutter of the text that streams in; null: nothing. */
export async function shapedCutter(
  trees: Pick<Trees, 'shape'>,
  want: FillInWant,
  maxLines: number,
  signal: AbortSignal,
): Promise<Cutter | null> {
  const { snapshot, offset } = want;
  const { uri, version, text, path, languageId } = snapshot;
  const language = languageOf(path, languageId, text.slice(0, 200)) ?? otherText;
  const shape =
    (await withDeadline(trees.shape(uri, version, offset, signal), null, deadlineMs)) ??
    shapeByText(text, offset, language);
  // Who asks by a key wants something, also in the middle of finished code.
  if (shape.extent === 'none' && !want.isInvoked) return null;
  const asked: Shape = shape.extent === 'none' ? { ...shape, extent: 'line' } : shape;
  return createShapeCutter(asked, {
    language,
    prefix: text.slice(Math.max(0, offset - nearUnits), offset),
    suffix: text.slice(offset, offset + nearUnits),
    maxLines,
  });
}
