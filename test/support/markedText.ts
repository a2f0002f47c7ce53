/** A source with its places marked: the text without marks, and the offset of each mark in order. */
export interface MarkedText {
  readonly text: string;
  readonly offsets: readonly number[];
  /** The first mark, or the end of the text where there is none. */
  readonly offset: number;
}

/** Reads marks from a source; positions in tests are never written as numbers. */
export function marked(source: string, mark = '/*cursor*/'): MarkedText {
  const parts = source.split(mark);
  const offsets: number[] = [];
  let length = 0;
  for (const part of parts.slice(0, -1)) {
    length += part.length;
    offsets.push(length);
  }
  const text = parts.join('');
  return { text, offsets, offset: offsets[0] ?? text.length };
}
