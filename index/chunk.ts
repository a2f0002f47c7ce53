import type { Definition } from '../grammars/outline.js';
import type { Language } from '../grammars/language.js';
import type { LineStarts } from '../server/base/position.js';
import { blocksOf, splitLong } from './blocks.js';
import type { Chunk, SymbolKind } from './codeIndex.js';
import { leadOf } from './leadingComment.js';
import { signatureOf, spanOf } from './symbols.js';

/** A chunk that is longer is split. */
export const maxChunkUnits = 1_500;
/** Neighbours are joined up to this length; definitions longer than a third of it stay alone. */
const joinUnits = 600;
const aloneUnits = 200;
/** Less than this is not worth a chunk. */
const crumbUnits = 60;

/**
 * Cuts a text along its definitions so that the chunks, joined, are the text again: each definition with the comment
 * that leads it, what lies between as text, small neighbours joined, long ones split at line ends.
 */
export function chunksOf(
  text: string,
  starts: LineStarts,
  definitions: readonly Definition[],
  language: Language,
): Chunk[] {
  const pieces =
    definitions.length === 0
      ? blocksOf(text, maxChunkUnits).map(
          ([start, end]) => ({ start, end, kind: 'text', name: '', scopes: '', weight: 0 }) satisfies Piece,
        )
      : joinSmall(cutBySyntax(text, definitions, language));
  return pieces.map(({ start, end, kind, name, scopes }) => ({
    span: spanOf(starts, start, end),
    kind,
    name,
    signatures: scopes,
    text: text.slice(start, end),
  }));
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly kind: SymbolKind | 'text';
  readonly name: string;
  readonly scopes: string;
  /** Length of the definition that names the piece; the heaviest names a joined one. */
  readonly weight: number;
}

interface Part {
  /** With the leading comment. */
  readonly start: number;
  readonly end: number;
  readonly definition: Definition;
  readonly children: Part[];
}

function cutBySyntax(text: string, definitions: readonly Definition[], language: Language): Piece[] {
  const pieces: Piece[] = [];
  cut(0, text.length, partsOf(text, definitions, language), null, '');
  return pieces;

  /** `owner` is the definition whose own lines lie between the parts. */
  function cut(start: number, end: number, parts: readonly Part[], owner: Definition | null, scopes: string): void {
    let at = start;
    const inner = owner === null ? scopes : joinLines(scopes, signatureOf(text, owner));
    for (const part of parts) {
      between(at, part.start);
      const { definition, children } = part;
      const long = part.end - part.start > (children.length > 0 && hasBigChild(part) ? joinUnits : maxChunkUnits);
      if (long && children.length > 0) cut(part.start, part.end, children, definition, inner);
      else whole(part.start, part.end, definition, inner);
      at = part.end;
    }
    between(at, end);

    function between(from: number, to: number): void {
      if (from >= to) return;
      const head = owner !== null && from === start;
      for (const [first, last] of splitLong(text, from, to, maxChunkUnits)) {
        pieces.push({
          start: first,
          end: last,
          kind: owner?.kind ?? 'text',
          name: owner?.name ?? '',
          scopes: head && first === from ? scopes : inner,
          weight: head ? last - first + joinUnits : 0,
        });
      }
    }
  }

  function whole(start: number, end: number, definition: Definition, scopes: string): void {
    for (const [first, last] of splitLong(text, start, end, maxChunkUnits)) {
      pieces.push({
        start: first,
        end: last,
        kind: definition.kind ?? 'text',
        name: definition.name,
        scopes: first === start ? scopes : joinLines(scopes, signatureOf(text, definition)),
        weight: last - first,
      });
    }
  }
}

/** The definitions as a tree of disjoint parts, each from its leading comment to the end of its line. */
function partsOf(text: string, definitions: readonly Definition[], language: Language): Part[] {
  const roots: Part[] = [];
  const byPlace: (Part | null)[] = [];
  for (const definition of definitions) {
    const parent = byPlace[definition.parent] ?? null;
    const siblings = definition.parent < 0 ? roots : (parent?.children ?? null);
    const floor = siblings?.at(-1)?.end ?? (parent === null ? 0 : parent.definition.start);
    const ceiling = parent?.end ?? text.length;
    // A second name of the same lines, as in `int a, b;`, has no lines of its own.
    if (
      siblings === null ||
      definition.start < floor ||
      definition.end <= definition.start ||
      (parent !== null && parent.start === definition.start)
    ) {
      byPlace.push(null);
      continue;
    }
    const part: Part = {
      start: leadOf(text, definition.start, floor, language),
      end: Math.min(lineEndAfter(text, definition.end), ceiling),
      definition,
      children: [],
    };
    siblings.push(part);
    byPlace.push(part);
  }
  return roots;
}

/** The end of the line, where nothing but `;`, `,` or a comment follows. */
function lineEndAfter(text: string, end: number): number {
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline + 1;
  return lineEnd - end < 200 && /^[\s;,)]*(?:(?:\/\/|#|\/\*).*)?$/.test(text.slice(end, lineEnd).trimEnd())
    ? lineEnd
    : end;
}

/** Joins neighbours of one scope that are too short to say much alone, and what is only white space or brackets. */
function joinSmall(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const length = piece.end - piece.start;
    if (last !== undefined && mayJoin(last, piece, length)) {
      const heavier = piece.weight > last.weight ? piece : last;
      joined[joined.length - 1] = {
        ...last,
        end: piece.end,
        kind: heavier.kind,
        name: heavier.name,
        weight: heavier.weight,
      };
    } else joined.push(piece);
  }
  return joined;
}

function mayJoin(last: Piece, piece: Piece, length: number): boolean {
  const lastLength = last.end - last.start;
  if (lastLength + length > maxChunkUnits) return false;
  if (length <= 8 || (length <= crumbUnits && lastLength <= joinUnits)) return true;
  if (lastLength + length > joinUnits) return false;
  return length <= aloneUnits || lastLength <= aloneUnits ? last.scopes === piece.scopes : false;
}

function hasBigChild(part: Part): boolean {
  return part.children.some(child => child.end - child.start > aloneUnits);
}

function joinLines(outer: string, inner: string): string {
  return outer === '' ? inner : `${outer}\n${inner}`;
}
