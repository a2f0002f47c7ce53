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
  const outside = isType ? methodsOf(declaration, options.declared ?? []).filter(isShown) : [];
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
  lines.push(...outside.filter(member => kept.has(member)).map(({ text }) => text));
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

/** Go's functions with a receiver, and what stands in Rust's `impl` blocks. */
function methodsOf(declaration: Declaration, declared: readonly Declaration[]): readonly Member[] {
  return declared.flatMap(each => {
    if (each === declaration || each.owner !== declaration.name) return [];
    if (each.isType) return each.members.map(member => ({ ...member, text: member.text.trimStart() }));
    return [{ name: each.name, text: elided(each.head, true), isExported: each.isExported }];
  });
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
