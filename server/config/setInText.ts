import type { Node } from 'jsonc-parser';
import { Failure } from '../base/failure.js';

/**
 * The text of a settings file with one setting changed where it really stands, and nothing else: comments, order, layout and
 * byte order mark are the person's. `undefined` takes it away. `inside` leads into the value of the setting.
 * Raises Failure `damaged` with what to do where the file says two things, or holds something else in that place.
 */
export async function setInText(
  { path: file, text }: { readonly path: string; readonly text: string },
  setting: readonly [section: string, name: string],
  inside: readonly string[],
  value: readonly string[] | undefined,
): Promise<string> {
  try {
    return await edit(text, setting, inside, value);
  } catch (error) {
    if (!(error instanceof Unwritable)) throw error;
    throw new Failure('damaged', `${file} is not written to: it ${error.message}.`, { remedy: error.remedy });
  }
}

/** What is wrong, as the end of a sentence that begins with the file. */
class Unwritable extends Error {
  readonly remedy: string;

  constructor(what: string, remedy = 'Put it right first.') {
    super(what);
    this.remedy = remedy;
  }
}

async function edit(
  text: string,
  setting: readonly [string, string],
  inside: readonly string[],
  value: readonly string[] | undefined,
): Promise<string> {
  const jsonc = await import('jsonc-parser');
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length).trim() === '' ? '{}\n' : text.slice(mark.length);
  const errors: { error: number; offset: number; length: number }[] = [];
  const root = jsonc.parseTree(body, errors, { allowTrailingComma: true });
  const [mistake] = errors;
  if (mistake !== undefined || root === undefined) {
    const line = lineOf(body, mistake?.offset ?? 0);
    throw new Unwritable(`has a mistake in line ${line}`, 'Put it right first; understudy doctor says what it is.');
  }
  const { holder, path } = locate(root, setting, inside, body);
  return mark + applyAll(body, changesOf({ text: body, scan: jsonc.createScanner(body) }, holder, path, value));
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Source {
  readonly text: string;
  readonly scan: import('jsonc-parser').JSONScanner;
}

/** As resolve.ts reads it: inside of `understudy` where there is that, by section or by the name with a dot. */
function locate(
  root: Node,
  [section, name]: readonly [string, string],
  inside: readonly string[],
  text: string,
): { readonly holder: Node; readonly path: readonly string[] } {
  const wrapped = member(root, 'understudy', text)?.children?.[1];
  const holder = wrapped?.type === 'object' ? wrapped : root;
  const dotted = member(holder, `${section}.${name}`, text);
  const group = member(holder, section, text)?.children?.[1];
  const nested = group?.type === 'object' ? member(group, name, text) : undefined;
  if (dotted !== undefined && nested !== undefined) throw doubled(`${section}.${name}`, [dotted, nested], text);
  return { holder, path: dotted === undefined ? [section, name, ...inside] : [`${section}.${name}`, ...inside] };
}

function changesOf(
  source: Source,
  holder: Node,
  [key = '', ...rest]: readonly string[],
  value: readonly string[] | undefined,
): readonly Change[] {
  if (holder.type !== 'object')
    throw new Unwritable(`has at line ${lineOf(source.text, holder.offset)} what is no object`);
  const found = member(holder, key, source.text);
  const old = found?.children?.[1];
  if (found === undefined || old === undefined)
    return value === undefined ? [] : insertion(source, holder, `${JSON.stringify(key)}: ${write(rest, value)}`);
  if (rest.length > 0 && old.type !== 'null') return changesOf(source, old, rest, value);
  if (value === undefined) return rest.length > 0 ? [] : removal(source, holder, found);
  const remarks = remarksIn(source, old).map(remark => ` ${remark}`);
  return [{ start: old.offset, end: endOf(old), text: write(rest, value) + remarks.join('') }];
}

function write(path: readonly string[], value: readonly string[]): string {
  const list = `[${value.map(item => JSON.stringify(item)).join(', ')}]`;
  return path.reduceRight((inner, key) => `{ ${JSON.stringify(key)}: ${inner} }`, list);
}

/** Behind the last property and the remarks on its line. */
function insertion(source: Source, holder: Node, property: string): readonly Change[] {
  const { text } = source;
  const last = holder.children?.at(-1);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = indentAt(text, holder.offset);
  const opening = holder.offset + 1;
  if (last === undefined) {
    const isBlank = text.slice(opening, endOf(holder) - 1).trim() === '';
    const end = isBlank ? endOf(holder) - 1 : opening;
    const added = `${lineBreak}${indent}  ${property}${isBlank ? lineBreak + indent : ''}`;
    return [{ start: opening, end, text: added }];
  }
  const { comma, end, hasLineComment } = restOfLine(source, endOf(last));
  const ownLines = text.slice(opening, last.offset).includes('\n');
  const separator = ownLines
    ? lineBreak + indentAt(text, last.offset)
    : hasLineComment
      ? `${lineBreak}${indent}  `
      : ' ';
  if (comma !== null) return [{ start: end, end, text: `${separator}${property},` }];
  if (end === endOf(last)) return [{ start: end, end, text: `,${separator}${property}` }];
  return [
    { start: endOf(last), end: endOf(last), text: ',' },
    { start: end, end, text: separator + property },
  ];
}

/** The property and one comma; remarks stay. */
function removal(source: Source, holder: Node, property: Node): readonly Change[] {
  const siblings = holder.children ?? [];
  const before = siblings[siblings.indexOf(property) - 1];
  const behind = commaBehind(source, endOf(property));
  const comma = behind ?? (before === undefined ? null : commaBehind(source, endOf(before)));
  const isNext = comma === endOf(property);
  const taken = { start: property.offset, end: isNext ? comma + 1 : endOf(property), text: '' };
  const remarks = remarksIn(source, property);
  const cleared = remarks.length === 0 ? wholeLine(source.text, taken) : { ...taken, text: remarks.join(' ') };
  const commas = comma === null || isNext ? [] : [{ start: comma, end: comma + 1, text: '' }];
  return [cleared, ...commas];
}

/** What the person wrote into something that goes, so that it can stand anywhere. */
function remarksIn({ text, scan }: Source, node: Node): readonly string[] {
  const remarks: string[] = [];
  scan.setPosition(node.offset);
  for (;;) {
    scan.scan();
    const start = scan.getTokenOffset();
    const token = text.slice(start, start + scan.getTokenLength());
    if (token === '' || start >= endOf(node)) return remarks;
    if (token.startsWith('/*')) remarks.push(token);
    else if (token.startsWith('//')) remarks.push(`/*${token.slice(2).trimEnd().replaceAll('*/', '* /')} */`);
  }
}

/** With its line, where nothing else stands there; else with the blanks behind it. */
function wholeLine(text: string, { start, end }: Change): Change {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const behind = /^[ \t]*(\r?\n)?/.exec(text.slice(end)) ?? [''];
  const isAlone = text.slice(lineStart, start).trim() === '' && behind[1] !== undefined;
  if (isAlone) return { start: lineStart, end: end + behind[0].length, text: '' };
  return { start, end: end + behind[0].length - (behind[1]?.length ?? 0), text: '' };
}

/** From the end of a property: its comma, and where the last remark of its line ends. */
function restOfLine(
  { text, scan }: Source,
  offset: number,
): { readonly comma: number | null; readonly end: number; readonly hasLineComment: boolean } {
  let comma: number | null = null;
  let end = offset;
  let hasLineComment = false;
  scan.setPosition(offset);
  for (;;) {
    scan.scan();
    const start = scan.getTokenOffset();
    const token = text.slice(start, start + scan.getTokenLength());
    const isRemark = token.startsWith('/');
    if (token === ',') comma = start;
    // Beyond the comma only what stands on its line belongs to it.
    const isSameLine = !text.slice(end, start).includes('\n');
    if (token === ',' || (isRemark && (isSameLine || comma === null))) {
      end = start + token.length;
      hasLineComment ||= token.startsWith('//');
    } else if (token === '' || token.trim() !== '') {
      return { comma, end, hasLineComment };
    }
  }
}

function commaBehind(source: Source, offset: number): number | null {
  return restOfLine(source, offset).comma;
}

/** The one property of that name. */
function member(holder: Node, key: string, text: string): Node | undefined {
  const found = (holder.type === 'object' ? (holder.children ?? []) : []).filter(
    ({ children }) => children?.[0]?.value === key,
  );
  if (found.length > 1) throw doubled(key, found, text);
  return found[0];
}

function doubled(key: string, found: readonly Node[], text: string): Unwritable {
  const lines = found.map(({ offset }) => lineOf(text, offset)).sort((left, right) => left - right);
  return new Unwritable(
    `says ${JSON.stringify(key)} ${found.length} times (lines ${lines.join(', ')})`,
    'Keep one of them.',
  );
}

function applyAll(text: string, changes: readonly Change[]): string {
  return changes
    .toSorted((left, right) => right.start - left.start)
    .reduce((done, { start, end, text: added }) => done.slice(0, start) + added + done.slice(end), text);
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
