import { join } from 'node:path';
import { nearestFolder } from '../../base/paths.js';
import type { SearchHit } from '../../../index/codeIndex.js';
import { identifiersOf } from '../../../index/identifiers.js';
import { clip } from '../extracts.js';
import type { Found } from '../found.js';
import { labelOf, type Place } from '../place.js';
import type { ContextSource, Supplies } from '../source.js';
import { familyOf, languageIdOf, workspaceText } from '../workspaceText.js';

const linesBefore = 14;
const linesBehind = 4;
const maxHits = 14;
const maxUnits = 700;
/** A search is much work for a line: it is asked anew when the cursor has moved so far. */
const blockLines = 6;
/**
 * By the words alone. Vectors take as long again and find little more where the query is code; names of symbols take half as
 * long again, and push out what helps: of the names that the next line needs, 47 % were shown without them and 37 % with them
 * (prompts of 2,048 tokens, 878 lines of five histories).
 */
const rankings = ['text'] as const;
/** How much of what recall saw is shown on either side. */
const recallLines = 10;

/** Code that resembles what stands around the cursor, wherever it is. */
export const similar: ContextSource = {
  name: 'similar',
  share: 0.5,
  keyOf: place => `${Math.floor(place.window.line / blockLines)} ${enclosing(place)}`,
  async find(place, supplies, signal) {
    const query = queryOf(place);
    const recalled = await fromRecall(place, supplies);
    if (query.trim() === '') return recalled;
    const family = familyOf(place.language?.id ?? '');
    const hits = await supplies.search(query, { limit: maxHits, sources: rankings }, signal);
    return [
      ...recalled,
      ...hits
        .filter(({ path, text }) => familyOf(languageIdOf(path)) === family && isAkin(text, place))
        .map((hit, at): Found => shown(hit, 0.85 / (1 + at * 0.12))),
    ];
  },
};

/** A ranking has a last one, too: it must at least speak of something that is spoken of here. */
function isAkin(text: string, place: Place): boolean {
  const near = new Set(place.names().map(({ name }) => name));
  return near.size === 0 || identifiersOf(text).some(name => near.has(name));
}

/** The last line that is indented less than others: moving inside a function asks again, editing a line does not. */
function enclosing({ before }: Place): string {
  for (let end = before.length; end > 0;) {
    const start = before.lastIndexOf('\n', end - 1) + 1;
    if (/^[\p{L}_@#]/u.test(before.slice(start, start + 1))) return before.slice(start, Math.min(end, start + 80));
    end = start - 1;
  }
  return '';
}

function queryOf({ before, behind, typedWords }: Place): string {
  const above = before
    .split('\n')
    .slice(-linesBefore - 1)
    .join('\n');
  return `${above}${typedWords}\n${behind.split('\n', linesBehind).join('\n')}`;
}

function shown({ folder, path, span, text }: SearchHit, score: number): Found {
  return {
    id: `similar:${folder}/${path}:${span.startLine}`,
    passage: {
      path: join(folder, path),
      label: path,
      startLine: span.startLine,
      text: clip(text, maxUnits),
      source: 'similar',
    },
    score,
    from: 'workspace',
  };
}

/** Recall knows the lines that were most like these; at the start of a line it costs a fraction of a millisecond. */
async function fromRecall(place: Place, supplies: Supplies): Promise<readonly Found[]> {
  const { snapshot, offset, window } = place;
  if (supplies.recall === null || window.typed.trim() !== '' || /^\S/.test(window.suffix)) return [];
  const suggestion = supplies.recall.suggest(snapshot, offset, { minConfidence: 0.2, minChars: 1, maxLines: 2 });
  if ('silence' in suggestion) return [];
  const { path, line } = suggestion.origin;
  if (path === null || path === snapshot.path || line < 1) return [];
  const text = await workspaceText(path, supplies);
  if (text === null) return [];
  const lines = text.split('\n');
  const startLine = Math.max(0, line - 1 - recallLines);
  const near = lines.slice(startLine, line + recallLines).join('\n');
  const label = labelOf(path, nearestFolder(path, supplies.folders()));
  const passage = { path, label, startLine, text: `${clip(near, maxUnits)}\n`, source: 'similar' };
  return [{ id: `similar:${path}:${startLine}`, passage, score: 0.45 + suggestion.confidence * 0.4, from: 'open' }];
}
