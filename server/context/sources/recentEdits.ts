import { nearestFolder } from '../../base/paths.js';
import type { Found } from '../found.js';
import { linesAround, type EditedRegion, type OpenDocument } from '../openDocuments.js';
import { labelOf, type Place } from '../place.js';
import type { ContextSource } from '../source.js';

const maxHunks = 6;
const maxUnits = 700;
const linesEachSide = 2;
/** What was changed longer ago says little of what comes next. */
const recentMs = 10 * 60_000;

/** What was changed a moment ago, in this file and in others, as it stands there now. */
export const recentEdits: ContextSource = {
  name: 'recentEdits',
  share: 0.25,
  keyOf: (place, { documents }) =>
    `${documents.stampWithout(place.snapshot.uri)} ${place.before.length} ${place.behind.length}`,
  find(place, { documents, folders, now }) {
    const recent = documents
      .all()
      .flatMap(document => document.edited.map(region => ({ document, region })))
      .filter(({ region }) => now() - region.atMs < recentMs)
      .sort((left, right) => right.region.atMs - left.region.atMs)
      .filter(({ document, region }) => !isInWindow(document, region, place))
      .slice(0, maxHunks);
    return Promise.resolve(
      recent.flatMap(({ document, region }, at) => shown(document, region, folders(), 0.5 / (1 + at * 0.25))),
    );
  },
};

function isInWindow(
  { snapshot }: OpenDocument,
  { start, end }: EditedRegion,
  { snapshot: own, window }: Place,
): boolean {
  return snapshot.uri === own.uri && end >= window.start && start <= window.end;
}

function shown(
  document: OpenDocument,
  region: EditedRegion,
  folders: readonly string[],
  score: number,
): readonly Found[] {
  const { path, uri } = document.snapshot;
  const hunk = linesAround(document, region.start, Math.min(region.end, region.start + maxUnits), linesEachSide);
  if (path === null || hunk.text.trim() === '' || hunk.text.length > maxUnits * 2) return [];
  const label = labelOf(path, nearestFolder(path, folders));
  const passage = { path, label, startLine: hunk.startLine, text: hunk.text, source: 'recentEdits' };
  return [{ id: `recentEdits:${uri}:${hunk.startLine}`, passage, score, from: 'open' }];
}
