import { asComment } from '../comments.js';
import type { ContextSource } from '../source.js';

const linesEachSide = 3;
const maxMessages = 3;
const maxUnits = 200;

/** What is wrong at the cursor, as far as the client tells. */
export const diagnostics: ContextSource = {
  name: 'diagnostics',
  share: 0.1,
  keyOf: (place, { documents }) =>
    `${place.window.line} ${(documents.get(place.snapshot.uri)?.diagnostics ?? []).map(({ message }) => message).join('\n')}`,
  find(place, { documents }) {
    const { line } = place.window;
    const near = (documents.get(place.snapshot.uri)?.diagnostics ?? [])
      .filter(({ range }) => range.start.line <= line + linesEachSide && range.end.line >= line - linesEachSide)
      .slice(0, maxMessages);
    const text = asComment(
      near.map(({ range, message }) => `line ${range.start.line + 1}: ${message.slice(0, maxUnits)}`).join('\n'),
      place.language,
    );
    if (near.length === 0 || text === null) return Promise.resolve([]);
    const passage = { path: null, label: place.label, startLine: 0, text, source: 'diagnostics' };
    return Promise.resolve([{ id: 'diagnostics', passage, score: 0.7, from: 'made', basis: text }]);
  },
};
