/** A half-open range of a text. */
export type TextRange = readonly [start: number, end: number];

/** Blocks of a text of unknown syntax: cut at blank lines before lines that are not indented, short ones joined. */
export function blocksOf(text: string, maxUnits: number): TextRange[] {
  const blocks: TextRange[] = [];
  let start = 0;
  for (const end of blockEnds(text)) {
    if (end - start < maxUnits / 4 && end < text.length) continue;
    const last = blocks.at(-1);
    if (end === text.length && last !== undefined && end - last[0] < maxUnits / 2)
      blocks[blocks.length - 1] = [last[0], end];
    else blocks.push([start, end]);
    start = end;
  }
  return blocks.flatMap(([from, to]) => splitLong(text, from, to, maxUnits));
}

/** Cuts a range into pieces of at most `maxUnits`, at the best line ends there are; a line that is too long, anywhere. */
export function splitLong(text: string, start: number, end: number, maxUnits: number): TextRange[] {
  const pieces: TextRange[] = [];
  let from = start;
  while (end - from > maxUnits) {
    const to = bestCut(text, from, end, maxUnits);
    pieces.push([from, to]);
    from = to;
  }
  if (from < end) pieces.push([from, end]);
  return pieces;
}

function* blockEnds(text: string): Generator<number> {
  const boundary = /\n[ \t]*\r?\n(?=[^\s)}\]])/g;
  for (let match = boundary.exec(text); match !== null; match = boundary.exec(text)) yield boundary.lastIndex;
  if (text.length > 0) yield text.length;
}

/** Prefers a blank line, then the shallowest indentation, then what is farthest; in the second half of what fits. */
function bestCut(text: string, from: number, end: number, maxUnits: number): number {
  // Two pieces of like size read better than a full one and a crumb.
  const limit = end - from < 2 * maxUnits ? from + Math.ceil((end - from) * 0.65) : from + maxUnits;
  const most = Math.min(limit, from + maxUnits);
  let best = -1;
  let bestCost = Infinity;
  for (let newline = text.lastIndexOf('\n', most - 1); newline > from; newline = text.lastIndexOf('\n', newline - 1)) {
    const cut = newline + 1;
    if (best >= 0 && cut - from < (most - from) * 0.4) break;
    const cost = cutCost(text, cut, end) + (most - cut) / (most - from);
    if (cost < bestCost) {
      best = cut;
      bestCost = cost;
    }
  }
  if (best > from) return best;
  const hard = from + maxUnits;
  return isLowSurrogate(text.charCodeAt(hard)) ? hard - 1 : hard;
}

/** Columns of indentation of the line at `cut`, closers a little worse; a blank line above makes it cheap. */
function cutCost(text: string, cut: number, end: number): number {
  let at = cut;
  while (at < end && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++;
  const indent = (text.slice(cut, at).match(/\t/g)?.length ?? 0) * 3 + (at - cut);
  const closes = ')}]'.includes(text.charAt(at)) ? 8 : 0;
  const afterBlank = /\n[ \t]*\r?\n$/.test(text.slice(Math.max(0, cut - 40), cut)) ? 0 : 4;
  return Math.min(indent, 24) / 4 + closes + afterBlank;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
