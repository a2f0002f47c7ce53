import { createBreath, type Breath } from '../breath.js';
import { shapeOf, type Shape } from './shape.js';

export interface Member {
  readonly name: string;
  readonly text: string;
  readonly isExported: boolean;
}

/** What a file declares at its outer level, by its looks: an unformatted file shows less, and none shows wrong text. */
export interface Declaration {
  readonly name: string;
  /** A type that it belongs to without standing inside: a Go receiver, what a Rust impl is for; else empty. */
  readonly owner: string;
  readonly isType: boolean;
  readonly isExported: boolean;
  readonly startLine: number;
  /** Behind its last line. */
  readonly endLine: number;
  /** Its first lines up to its body, as they stand there. */
  readonly head: string;
  readonly members: readonly Member[];
  /** The line that closes it, or the empty string. */
  readonly close: string;
}

/** In pieces: a file of 200 kB takes some milliseconds, in which nobody could type. */
export async function declarationsOf(
  text: string,
  languageId: string,
  breath: Breath = createBreath(),
): Promise<readonly Declaration[]> {
  const shape = shapeOf(languageId);
  if (shape === null) return [];
  const reading = read(text, shape);
  for (;;) {
    if (breath.isDue()) await breath.take();
    const step = reading.next();
    if (step.done === true) return step.value;
  }
}

const linesPerStep = 200;

function* read(text: string, shape: Shape): Generator<void, readonly Declaration[]> {
  const lines = yield* readLines(text, shape);
  const found: Declaration[] = [];
  yield* scan(lines, 0, lines.length, shape, found, 0);
  return found;
}

interface Line {
  readonly text: string;
  /** -1: blank, or the inside of a comment or string. */
  readonly indent: number;
}

const maxHeadLines = 14;
const maxLineUnits = 400;
const maxNesting = 4;

function* readLines(text: string, shape: Shape): Generator<void, Line[]> {
  const lines: Line[] = [];
  let until: string | null = null;
  for (const raw of text.split('\n')) {
    if (lines.length % linesPerStep === 0) yield;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const code = line.trimStart();
    if (until !== null) {
      if (code.includes(until)) until = null;
      lines.push({ text: line, indent: -1 });
      continue;
    }
    const opening = openingOf(code, shape);
    if (opening !== null) {
      const [close, from] = opening;
      if (!code.includes(close, from)) until = close;
      lines.push({ text: line, indent: -1 });
      continue;
    }
    const isCode = code !== '' && !code.startsWith(shape.lineComment) && line.length <= maxLineUnits;
    lines.push({ text: line, indent: isCode ? line.length - code.length : -1 });
  }
  return lines;
}

/** What closes a comment or string that a line begins with, and from where on to look for it. */
function openingOf(code: string, { blockComment, longString }: Shape): [string, number] | null {
  if (blockComment !== null && code.startsWith(blockComment[0])) {
    // Code behind a comment on one line is code.
    const close = code.indexOf(blockComment[1], blockComment[0].length);
    return close >= 0 && code.slice(close + blockComment[1].length).trim() !== ''
      ? null
      : [blockComment[1], blockComment[0].length];
  }
  const quote = longString?.exec(code);
  return quote?.[1] === undefined ? null : [quote[1], quote[0].length];
}

function* scan(
  lines: readonly Line[],
  from: number,
  to: number,
  shape: Shape,
  found: Declaration[],
  depth: number,
): Generator<void, void> {
  let indent = -1;
  for (let at = from, stepEnd = from + linesPerStep; at < to; at++) {
    if (at >= stepEnd) {
      yield;
      stepEnd = at + linesPerStep;
    }
    const line = lines[at];
    if (line === undefined || line.indent < 0) continue;
    if (indent < 0 || line.indent < indent) ({ indent } = line);
    if (line.indent !== indent) continue;
    const code = line.text.slice(indent);
    if (shape.container?.test(code) === true) {
      const end = extent(lines, at, to, indent);
      if (depth < maxNesting) yield* scan(lines, at + 1, end, shape, found, depth + 1);
      at = end - 1;
      continue;
    }
    const match = shape.top.exec(code);
    const name = match?.groups?.['name'];
    if (match === null || name === undefined || words.has(name)) continue;
    const end = extent(lines, at, to, indent);
    found.push(declare(lines, at, end, indent, name, match.groups?.['owner'] ?? '', shape));
    at = end - 1;
  }
}

/** Behind the last line of what begins at `at`: all that is indented more, and what closes it. */
function extent(lines: readonly Line[], at: number, to: number, indent: number): number {
  let end = at + 1;
  for (let next = at + 1; next < to; next++) {
    const line = lines[next];
    if (line === undefined || line.indent < 0) continue;
    if (line.indent > indent) {
      end = next + 1;
      continue;
    }
    if (line.indent < indent) break;
    const code = line.text.slice(indent);
    if (/^(?:\{|where\b|[|&]|=>|->)/.test(code)) end = next + 1;
    else if (/^[)\]}>]/.test(code)) {
      end = next + 1;
      // `) {` goes on, `}` does not.
      if (!/[{(:[]\s*$/.test(code)) break;
    } else break;
  }
  return end;
}

function declare(
  lines: readonly Line[],
  at: number,
  end: number,
  indent: number,
  name: string,
  owner: string,
  shape: Shape,
): Declaration {
  const start = leadFrom(lines, at, indent, shape);
  const first = lines[at]?.text.slice(indent) ?? '';
  const isType = shape.type.test(first);
  const headEnd = isType || !isValue.test(first) ? headOf(lines, at, end, shape) : valueEnd(lines, at, end, shape);
  const isImpl = /^(?:unsafe\s+)?impl\b/.test(first);
  return {
    name,
    owner: isImpl ? name : owner,
    isType,
    isExported: shape.isExported(first, name),
    startLine: start,
    endLine: end,
    head: join(lines, start, headEnd, indent),
    members: isType ? membersOf(lines, headEnd, end, indent, shape, isOpenToAll(first)) : [],
    close: closeOf(lines, headEnd, end, indent),
  };
}

/** Members of what has no modifiers for them: traits, and what implements them. */
function isOpenToAll(first: string): boolean {
  return /^(?:pub(?:\([^)]*\))?\s+)?(?:unsafe\s+)?(?:trait|enum)\b|^(?:unsafe\s+)?impl\b.*\bfor\b/.test(first);
}

function leadFrom(lines: readonly Line[], at: number, indent: number, { lead }: Shape): number {
  let start = at;
  while (lead !== null && start > 0 && at - start < 4) {
    const line = lines[start - 1];
    if (line?.indent !== indent || !lead.test(line.text.slice(indent))) break;
    start--;
  }
  return start;
}

/**
 * Behind the last line of the signature: where its round and square brackets are closed, and its brace is opened. What a
 * type extends, or a function throws, may stand on lines of its own.
 */
function headOf(lines: readonly Line[], at: number, end: number, { blockComment }: Shape): number {
  const last = Math.min(end, at + maxHeadLines);
  let closed = 0;
  for (let next = at, depth = 0; next < last; next++) {
    const text = lines[next]?.text ?? '';
    for (const unit of text) {
      if (unit === '(' || unit === '[') depth++;
      else if (unit === ')' || unit === ']') depth--;
    }
    if (depth > 0) continue;
    if (closed === 0) closed = next + 1;
    // Languages with comments like these have braces, too.
    if (blockComment === null || /[;}]\s*$/.test(text)) break;
    if (/\{\s*$/.test(text)) return next + 1;
    if (next - closed >= maxTailLines) break;
  }
  return closed === 0 ? at + 1 : closed;
}

const maxTailLines = 4;
/** Short values are shown whole: what a type may be, what a table holds. */
const maxValueLines = 10;
const isValue =
  /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:pub(?:\([^)]*\))?\s+)?(?:const\s|let\s|var\s|type\s|static\s)|^\w+\s*(?::[^=]+)?=(?!>)/;

function valueEnd(lines: readonly Line[], at: number, end: number, shape: Shape): number {
  return end - at <= maxValueLines ? end : headOf(lines, at, end, shape);
}

function closeOf(lines: readonly Line[], headEnd: number, end: number, indent: number): string {
  const last = end - 1 >= headEnd ? lines[end - 1] : undefined;
  return last?.indent === indent && /^[)\]}]/.test(last.text.slice(indent)) ? last.text.slice(indent) : '';
}

function membersOf(
  lines: readonly Line[],
  from: number,
  to: number,
  outer: number,
  shape: Shape,
  allExported: boolean,
): Member[] {
  const members: Member[] = [];
  let indent = -1;
  for (let at = from; at < to; at++) {
    const line = lines[at];
    if (line === undefined || line.indent <= outer) continue;
    if (indent < 0) ({ indent } = line);
    if (line.indent !== indent) continue;
    const code = line.text.slice(indent);
    const name = shape.member.exec(code)?.groups?.['name'];
    if (name === undefined || statements.test(code)) continue;
    const end = extent(lines, at, to, indent);
    const headEnd = headOf(lines, at, end, shape);
    const start = leadFrom(lines, at, indent, shape);
    const attributes = name === '__init__' ? attributesOf(lines, headEnd, end, outer) : [];
    const head = join(lines, start, headEnd, outer);
    members.push({
      name,
      // Attributes stand where they are made.
      text: attributes.length > 0 ? head : elided(head, headEnd < end || /\{\s*$|:\s*$/.test(code)),
      isExported: allExported || shape.isExported(line.text, name),
    });
    members.push(...attributes);
    at = end - 1;
  }
  return members;
}

/** `self.name = …` in a constructor declares what Python has no other place for. */
function attributesOf(lines: readonly Line[], from: number, to: number, outer: number): Member[] {
  const found = new Map<string, Member>();
  for (let at = from; at < to; at++) {
    const match = /^\s*(self\.([A-Za-z]\w*)\s*(?::[^=]+)?=\s*(.{1,60}))/.exec(lines[at]?.text ?? '');
    if (match === null || (lines[at]?.indent ?? -1) < 0) continue;
    const [, text = '', name = ''] = match;
    if (!found.has(name))
      found.set(name, { name, text: `${' '.repeat(outer + 8)}${text.trimEnd()}`, isExported: true });
  }
  return [...found.values()];
}

function join(lines: readonly Line[], from: number, to: number, outer: number): string {
  return lines
    .slice(from, to)
    .map(({ text, indent }) => (indent < 0 ? text : text.slice(Math.min(outer, indent))).trimEnd())
    .join('\n');
}

/** A signature whose body is left out, so that brackets stay even and Python stays Python. */
export function elided(head: string, hasBody: boolean): string {
  if (!hasBody) return head;
  if (/\{$/.test(head)) return `${head} ... }`;
  return /:$/.test(head) ? `${head} ...` : head;
}

/** What stands among the members of a type and is none. Methods may be called `new`, `delete` or `catch`. */
const statements = /^(?:(?:if|else|for|while|try|except|with|return|pass)\b|static\s*\{)/;

/** What may stand where a name would, and is none. */
const words: ReadonlySet<string> = new Set(
  (
    'if else for while do switch case return throw try catch finally import export from new delete await yield break ' +
    'continue package goto default in is not and or with as pass raise assert print del global nonlocal lambda except elif ' +
    'use mod impl match loop where unsafe extern public private protected static final self this super using namespace'
  ).split(' '),
);
