import type { Definition } from '../grammars/outline.js';
import { positionAt, type LineStarts } from '../server/base/position.js';
import type { CodeSymbol, Span } from './codeIndex.js';

/** The definitions that have a name and a kind, as the index keeps them. */
export function symbolsOf(text: string, starts: LineStarts, definitions: readonly Definition[]): CodeSymbol[] {
  const containers: string[] = [];
  const symbols: CodeSymbol[] = [];
  for (const definition of definitions) {
    const parent = definitions[definition.parent];
    const outer = parent === undefined ? '' : join(containers[definition.parent] ?? '', parent.name);
    const container = join(outer, definition.owner);
    containers.push(container);
    if (definition.kind === null) continue;
    symbols.push({
      name: definition.name,
      kind: definition.kind,
      span: spanOf(starts, definition.start, definition.end),
      nameSpan: spanOf(starts, definition.nameStart, definition.nameEnd),
      signature: signatureOf(text, definition),
      container,
    });
  }
  return symbols;
}

/** What comes before a definition's body, white space folded, at most 300 units. */
export function signatureOf(text: string, definition: Definition): string {
  const { start, nameEnd, body, end, kind } = definition;
  if (body > start) return fold(text.slice(start, Math.min(body, start + maxScan)), /\s*(?:\{|=>|:)?$/);
  const limit = Math.min(end, start + maxScan);
  if (kind === 'variable' || kind === 'constant' || kind === 'field' || kind === 'macro') {
    const lineEnd = text.indexOf('\n', nameEnd);
    return fold(text.slice(start, lineEnd < 0 ? limit : Math.min(limit, lineEnd)), /\s*[;,{([]?$/);
  }
  const brace = text.indexOf('{', nameEnd);
  return fold(text.slice(start, brace < 0 ? limit : Math.min(limit, brace)), /[\s;,]*$/);
}

export function spanOf(starts: LineStarts, start: number, end: number): Span {
  const from = positionAt(starts, start);
  const to = positionAt(starts, end);
  return { startLine: from.line, startColumn: from.character, endLine: to.line, endColumn: to.character };
}

const maxScan = 1_200;
const maxSignature = 300;

function fold(text: string, tail: RegExp): string {
  const folded = text.replace(/\s+/g, ' ').trim().replace(tail, '');
  return folded.length <= maxSignature ? folded : `${folded.slice(0, maxSignature - 1)}…`;
}

function join(outer: string, inner: string): string {
  const joined = outer === '' || inner === '' ? outer + inner : `${outer}.${inner}`;
  return joined.replaceAll('::', '.');
}
