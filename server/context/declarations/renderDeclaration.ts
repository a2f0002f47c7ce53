import { elided, type Declaration, type Member } from './declarationsOf.js';

export interface RenderOptions {
  readonly maxUnits: number;
  /** Members with these names come before others when there is no room for all. */
  readonly wanted: ReadonlySet<string>;
  /** Also what others may not use: a declaration of the same file or package. */
  readonly withPrivate?: boolean;
}

/** A declaration as one would write it down for somebody who has to use it: its head, its members, no bodies. */
export function renderDeclaration(declaration: Declaration, options: RenderOptions): string {
  const { head, members, close, isType, endLine, startLine } = declaration;
  const shown = members.filter(member => member.isExported || options.withPrivate === true);
  if (shown.length === 0)
    return elided(head, isType ? close !== '' || /:$/.test(head) : endLine - startLine > head.split('\n').length);
  const room = options.maxUnits - head.length - close.length - 8;
  const kept = fitting(shown, room, options.wanted);
  if (kept.size === 0) return elided(head, true);
  const lines = [head];
  let isCut = false;
  for (const member of shown) {
    if (kept.has(member)) lines.push(member.text);
    else isCut = true;
  }
  if (isCut) lines.push(`${/^\s*/.exec(shown[0]?.text ?? '')?.[0] ?? ''}...`);
  if (close !== '') lines.push(close);
  return lines.join('\n');
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
