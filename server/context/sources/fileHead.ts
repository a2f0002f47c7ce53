import { clip } from '../extracts.js';
import type { ContextSource } from '../source.js';

const maxUnits = 1_200;

/** The head of the file itself, where the text around the cursor does not reach that far: what it imports. */
export const fileHead: ContextSource = {
  name: 'fileHead',
  share: 0.3,
  // The head is looked at again each time: that costs nothing.
  keyOf: ({ window, snapshot }) =>
    `${window.startLine} ${snapshot.text.slice(0, window.startLine === 0 ? 0 : maxUnits)}`,
  find({ window, snapshot, label }) {
    if (window.startLine === 0) return Promise.resolve([]);
    const text = `${clip(snapshot.text.slice(0, Math.min(window.start, maxUnits)), maxUnits - 1)}\n`;
    const passage = { path: snapshot.path, label, startLine: 0, text, source: 'fileHead' };
    return Promise.resolve([{ id: 'fileHead', passage, score: 0.6, from: 'open', basis: text }]);
  },
};
