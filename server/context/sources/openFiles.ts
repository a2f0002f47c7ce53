import { nearestFolder } from '../../base/paths.js';
import type { Found } from '../found.js';
import { linesAround, type OpenDocument } from '../openDocuments.js';
import { labelOf } from '../place.js';
import type { ContextSource } from '../source.js';
import { familyOf, languageIdOf } from '../workspaceText.js';

const maxFiles = 4;
const maxUnits = 1_000;
const linesEachSide = 14;

/** The other open files, the most recently used first: what stands around their cursor. */
export const openFiles: ContextSource = {
  name: 'openFiles',
  share: 0.25,
  keyOf: (place, { documents }) => documents.stampWithout(place.snapshot.uri),
  find(place, { documents, folders }) {
    const family = familyOf(place.language?.id ?? '');
    const others = documents
      .all()
      .filter(({ snapshot: { uri, path } }) => uri !== place.snapshot.uri && path !== null)
      .filter(({ snapshot }) => familyOf(languageIdOf(snapshot.path ?? '')) === family)
      .slice(0, maxFiles);
    return Promise.resolve(others.flatMap((document, at) => shown(document, folders(), 0.42 / (1 + at * 0.35))));
  },
};

function shown(document: OpenDocument, folders: readonly string[], score: number): readonly Found[] {
  const { snapshot, offset } = document;
  const { path, text } = snapshot;
  if (path === null || text.trim() === '') return [];
  const isShort = text.length <= maxUnits;
  const at = Math.min(offset, text.length);
  let part = isShort ? { startLine: 0, text } : linesAround(document, at, at, linesEachSide);
  for (let lines = linesEachSide; part.text.length > maxUnits && lines > 2; lines -= 2)
    part = linesAround(document, at, at, lines);
  if (part.text.length > maxUnits * 2) return [];
  const passage = {
    path,
    label: labelOf(path, nearestFolder(path, folders)),
    startLine: part.startLine,
    text: part.text,
    source: 'openFiles',
  };
  return [{ id: `openFiles:${snapshot.uri}`, passage, score, from: 'open', basis: text }];
}
