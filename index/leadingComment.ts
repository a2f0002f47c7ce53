import type { Language } from '../grammars/language.js';

/**
 * Where the comments, attributes and decorators begin that stand directly above a definition, not before `floor`.
 * Read from the lines, not from the tree: comments are no part of a definition there, and lines cost nothing.
 */
export function leadOf(text: string, start: number, floor: number, language: Language): number {
  let lead = text.lastIndexOf('\n', start - 1) + 1;
  if (lead < floor || text.slice(lead, start).trim() !== '') return start;
  while (lead > floor) {
    const above = text.lastIndexOf('\n', lead - 2) + 1;
    const line = text.slice(above, Math.min(lead, above + 500)).trim();
    const opened = line.endsWith('*/') ? blockStart(text, lead, floor) : above;
    if (opened < floor || line === '' || !(opened < above || belongs(line, language))) break;
    lead = opened;
  }
  return Math.max(lead, floor);
}

/** The start of the line on which the block comment opens that ends before `end`; -1 where code stands before it. */
function blockStart(text: string, end: number, floor: number): number {
  const open = text.lastIndexOf('/*', end - 1);
  if (open < floor) return -1;
  const line = text.lastIndexOf('\n', open) + 1;
  return text.slice(line, open).trim() === '' ? line : -1;
}

function belongs(line: string, language: Language): boolean {
  if (language.lineComments.some(mark => line.startsWith(mark))) return true;
  return line.startsWith('/*') || line.startsWith('@') || line.startsWith('#[');
}
