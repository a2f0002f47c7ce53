import type { TextEdit } from '../../base/snapshot.js';

/** One import as it stands in a text. */
export interface ImportLine {
  readonly start: number;
  /** Behind its line end. */
  readonly end: number;
  /** Groups stand in the order of their numbers. */
  readonly group: number;
  /** What a sorted list is sorted by. */
  readonly key: string;
}

export interface NewLine {
  /** Without a line end. */
  readonly text: string;
  readonly group: number;
  readonly key: string;
}

/**
 * Puts a line among its like: in its place where they are sorted, else behind the last of its group; as a group of its own
 * between the others, parted by an empty line where they are. `first` is where it goes when there are none.
 */
export function placeLine(
  text: string,
  lines: readonly ImportLine[],
  added: NewLine,
  options: { readonly first: number; readonly isParted: boolean },
): TextEdit {
  const own = lines.filter(({ group }) => group === added.group);
  if (own.length > 0) {
    const next = isSorted(own) ? own.find(({ key }) => key > added.key) : undefined;
    return next === undefined
      ? behind(text, own.at(-1)?.end ?? 0, added.text)
      : insertion(next.start, `${added.text}\n`);
  }
  const gap = isParted(text, lines, options.isParted) ? '\n' : '';
  const before = lines.filter(({ group }) => group < added.group).at(-1);
  if (before !== undefined) return behind(text, before.end, gap + added.text);
  const after = lines.find(({ group }) => group > added.group);
  if (after !== undefined) return insertion(after.start, `${added.text}\n${gap}`);
  const isFollowed = text.slice(options.first).trim() !== '';
  const isApart = text.startsWith('\n', options.first);
  const above = options.first > 0 && !text.slice(0, options.first).endsWith('\n\n') ? '\n' : '';
  return insertion(options.first, `${above}${added.text}\n${isFollowed && !isApart ? '\n' : ''}`);
}

/** Behind a line that may be the last of the text, without a line end. */
function behind(text: string, end: number, added: string): TextEdit {
  return end === 0 || text[end - 1] === '\n' ? insertion(end, `${added}\n`) : insertion(end, `\n${added}`);
}

function insertion(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

function isSorted(lines: readonly ImportLine[]): boolean {
  return lines.length > 1 ? lines.every(({ key }, at) => at === 0 || (lines[at - 1]?.key ?? '') <= key) : true;
}

/** As the groups that are there, else as is the custom. */
function isParted(text: string, lines: readonly ImportLine[], custom: boolean): boolean {
  const borders = lines.flatMap((line, at) => {
    const previous = lines[at - 1];
    return previous === undefined || previous.group === line.group
      ? []
      : [text.slice(previous.end, line.start).includes('\n')];
  });
  return borders.length === 0 ? custom : borders.some(border => border);
}

/** A name more in a list between brackets, sorted where the list is, and laid out as it is. */
export function addToList(inside: string, added: string): string {
  const names = inside
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  if (names.length === 0) return ` ${added} `;
  const keys = names.map(keyOf);
  const sorted = keys.every((key, at) => at === 0 || (keys[at - 1] ?? '') <= key);
  const at = sorted ? keys.findIndex(key => key > keyOf(added)) : -1;
  const all = at < 0 ? [...names, added] : [...names.slice(0, at), added, ...names.slice(at)];
  const [lead = ''] = /^\s*/.exec(inside) ?? [];
  const [tail = ''] = /,?\s*$/.exec(inside) ?? [];
  return lead + all.join(lead.includes('\n') ? `,${lead}` : ', ') + tail;
}

function keyOf(name: string): string {
  return name.replace(/^type\s+/, '').toLowerCase();
}
