import { elided, type Declaration, type Member } from './declarationsOf.js';

export interface RenderOptions {
  readonly maxUnits: number;
  /** Members with these names come before others when there is no room for all. */
  readonly wanted: ReadonlySet<string>;
  /** What begins a comment. */
  readonly comment: string;
  /** Also what others may not use: a declaration of the same file or package. */
  readonly withPrivate?: boolean;
  /** What the file declares besides: methods that stand outside of their type. */
  readonly declared?: readonly Declaration[];
}

/** Of the room, for the names alone of what does not fit. */
const namesShare = 0.3;

/** A declaration as one would write it down for somebody who has to use it: its head, its members, no bodies. */
export function renderDeclaration(declaration: Declaration, options: RenderOptions): string {
  const { head, members, close, isType, endLine, startLine } = declaration;
  const { maxUnits, wanted, withPrivate = false } = options;
  const isShown = (member: Member): boolean => member.isExported || withPrivate;
  const inside = members.filter(isShown);
  const blocks = isType ? blocksOf(declaration, options.declared ?? [], isShown) : [];
  const outside = blocks.flatMap(block => block.members);
  const hasBody = isType ? close !== '' || /:$/.test(head) : endLine - startLine > head.split('\n').length;
  if (inside.length + outside.length === 0) return elided(head, hasBody);
  const room = maxUnits - head.length - close.length - 8;
  const all = [...inside, ...outside];
  const isTooMuch = all.reduce((sum, { text }) => sum + text.length + 1, 0) > room;
  const kept = fitting(all, isTooMuch ? room * (1 - namesShare) : room, wanted);
  const left = all.filter(member => !kept.has(member)).map(({ name }) => name);
  const lines: string[] = [];
  const shown = inside.filter(member => kept.has(member));
  if (shown.length === 0) lines.push(elided(head, hasBody));
  else lines.push(head, ...shown.map(({ text }) => text), ...(close === '' ? [] : [close]));
  for (const block of blocks) {
    const texts = block.members.filter(member => kept.has(member)).map(({ text }) => text);
    if (texts.length > 0) lines.push(...[block.head, ...texts, block.close].filter(text => text !== ''));
  }
  const names = namesLine(left, isTooMuch ? room * namesShare : 0, options.comment);
  return names === null ? lines.join('\n') : [...lines, names].join('\n');
}

/** The names alone of what there is besides, as a comment; null for none. */
export function namesLine(names: readonly string[], maxUnits: number, comment: string): string | null {
  const kept: string[] = [];
  let units = comment.length + 8;
  for (const name of new Set(names)) {
    if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) || units + name.length + 2 > maxUnits) continue;
    kept.push(name);
    units += name.length + 2;
  }
  return kept.length === 0 ? null : `${comment} also: ${kept.join(', ')}`;
}

interface Block {
  readonly head: string;
  readonly members: readonly Member[];
  readonly close: string;
}

/** What belongs to a type and stands outside: Go's functions with a receiver one by one, Rust's `impl` blocks. */
function blocksOf(
  declaration: Declaration,
  declared: readonly Declaration[],
  isShown: (member: Member) => boolean,
): readonly Block[] {
  const others = declared.filter(each => each !== declaration && each.owner === declaration.name);
  return others
    .map(({ isType, head, members, close, name, isExported }) =>
      isType
        ? { head, members: members.filter(isShown), close }
        : { head: '', members: [{ name, text: elided(head, true), isExported }].filter(isShown), close: '' },
    )
    .filter(({ members }) => members.length > 0);
}

function fitting(members: readonly Member[], room: number, wanted: ReadonlySet<string>): ReadonlySet<Member> {
  const kept = new Set<Member>();
  let left = room;
  for (const isWanted of [true, false]) {
    for (const member of members) {
      if (wanted.has(member.name) !== isWanted || member.text.length + 1 > left) continue;
      kept.add(member);
      left -= member.text.length + 1;
    }
  }
  return kept;
}
