import type { Language } from '../../grammars/language.js';
import { maskCode } from '../../grammars/maskCode.js';
import { columnOf } from '../../grammars/shapeByText.js';
import type { Shape } from '../../grammars/trees.js';

export interface CutterOptions {
  readonly language: Language;
  /** Left of the cursor; only its last line is looked at. */
  readonly prefix: string;
  /** Right of the cursor; only its first lines are looked at. */
  readonly suffix: string;
  readonly maxLines: number;
}

export interface ShapeCutter {
  /**
   * The next piece of a model's text. `text` is what of all pieces belongs to the shape, as if nothing more came, with \n
   * line ends; once `done`, more cannot change it. Where the pieces are cut makes no difference to that.
   */
  push(chunk: string): { readonly text: string; readonly done: boolean };
}

/** Tells when a text that streams in has filled its shape: the line with what it opens, or the body up to its end. */
export function createShapeCutter(shape: Shape, options: CutterOptions): ShapeCutter {
  let all = '';
  let last: ReturnType<ShapeCutter['push']> | null = null;
  return {
    push(chunk) {
      if (last?.done === true) return last;
      all += chunk;
      last = cutToShape(shape, all.replace(/\r\n?/g, '\n'), options);
      return last;
    },
  };
}

function cutToShape(shape: Shape, text: string, options: CutterOptions): { text: string; done: boolean } {
  if (shape.extent === 'none') return { text: '', done: true };
  const reader = readerOf(text, options);
  const end = shape.extent === 'line' ? endOfStatement(reader, shape, options) : endOfBody(reader, shape, options);
  return end === null ? { text, done: false } : { text: text.slice(0, end.at).trimEnd(), done: end.isCertain };
}

/** Where the text ends that is wanted. Not certain: what has come of the last line so far does not belong to it. */
interface End {
  readonly at: number;
  readonly isCertain: boolean;
}

interface TextLine {
  readonly start: number;
  readonly end: number;
  /** Its line end has come. */
  readonly isWhole: boolean;
  readonly written: string;
  /** Without comments, and what strings hold made unreadable. */
  readonly masked: string;
  readonly column: number;
}

interface Reader {
  readonly lines: readonly TextLine[];
  /** Of the cursor's line, left of it. */
  readonly left: string;
  readonly maskedLeft: string;
  /** Whether a line begins inside a string or a comment: its indentation says nothing then. */
  isQuotedAt(line: TextLine): boolean;
}

function readerOf(text: string, { language, prefix }: CutterOptions): Reader {
  const left = prefix.slice(prefix.lastIndexOf('\n') + 1);
  const masked = maskCode(left + text, language).text;
  const written = text.split('\n');
  let start = 0;
  const lines = written.map((line, index): TextLine => {
    const from = start;
    start += line.length + 1;
    return {
      start: from,
      end: from + line.length,
      isWhole: index < written.length - 1,
      written: line,
      masked: masked.slice(left.length + from, left.length + from + line.length),
      column: columnOf(index === 0 ? left + line : line),
    };
  });
  const isQuotedAt = (line: TextLine): boolean => maskCode(left + text.slice(0, line.start), language).open !== null;
  return { lines, left, maskedLeft: masked.slice(0, left.length), isQuotedAt };
}

/** The first line that says something, and as far as it goes on: open brackets, bodies by indentation, method chains. */
function endOfStatement(
  reader: Reader,
  { isQuoted }: Shape,
  { language, suffix, maxLines }: CutterOptions,
): End | null {
  const { lines, left, maskedLeft } = reader;
  const right = suffix.slice(0, (suffix + '\n').indexOf('\n'));
  let open = Math.max(0, depthOf(maskedLeft) - surplusClosers(right));
  const isInQuotes = isQuoted || maskCode(left, language).open !== null;
  let statement: TextLine | null = null;
  let header: TextLine | null = null;
  for (const [index, line] of lines.entries()) {
    if (index >= maxLines) return { at: line.start, isCertain: true };
    const isBlank = line.written.trim() === '';
    const isComment = !isBlank && line.masked.trim() === '' && !isInQuotes;
    if (statement !== null && !isBlank && index > 0) {
      const isCloser = /^\s*[)\]}]/.test(line.masked);
      const isBack = line.column <= statement.column && !isCloser && !isContinuation(line, header, language);
      if (isBack && !reader.isQuotedAt(line)) return before(line, header, language);
      if (isCloser && open <= 0) return { at: line.start, isCertain: true };
    }
    open += depthOf(line.masked);
    if (!line.isWhole) return null;
    if (statement === null && (isBlank ? (index === 0 ? left.trim() === '' || line.written === '' : true) : isComment))
      continue;
    if (isBlank && index > 0) {
      if ((lines[index - 1]?.written ?? '').trim() === '' && statement !== null)
        return { at: line.start, isCertain: true };
      continue;
    }
    const code = (index === 0 ? maskedLeft : '') + line.masked;
    if (!isInQuotes && isAnnotation.test(code)) continue;
    statement ??= line;
    if (opensByIndentation(code, language)) header ??= line;
    if (isInQuotes) return { at: line.end, isCertain: true };
    if (header !== null || open > 0 || goesOn(code) || reader.isQuotedAt(lines[index + 1] ?? line)) continue;
    const next = lines[index + 1];
    if (language.blocksByIndentation || /[;,{}]\s*$/.test(code)) return { at: line.end, isCertain: true };
    if (next === undefined || (next.written.trim() === '' && !next.isWhole)) return { at: line.end, isCertain: false };
    if (!next.isWhole && next.written.trim() === '?') return { at: line.end, isCertain: false };
    // A chain of calls goes on in the next line.
    if (!/^\s*(?:\?\.|\.)(?!\.)/.test(next.written)) return { at: line.end, isCertain: true };
  }
  return null;
}

/** The body up to the line that closes it, or to the first one that stands further left. */
function endOfBody(reader: Reader, shape: Shape, { language, suffix, maxLines }: CutterOptions): End | null {
  const { lines, left } = reader;
  const closer = closerOf[shape.opener ?? ''] ?? null;
  const isClosedBelow = closesBelow(shape, suffix);
  const goesOnBelow = closer === null && continuesBelow(shape, suffix);
  let depth = closer === null ? 0 : 1;
  let blankLines = 0;
  for (const [index, line] of lines.entries()) {
    if (index >= maxLines) return { at: line.start, isCertain: true };
    const isBlank = line.written.trim() === '';
    blankLines = isBlank && line.isWhole && index > 0 ? blankLines + 1 : 0;
    if (blankLines > 1) return { at: line.start, isCertain: true };
    const startsWithCloser = /^\s*[)\]}]/.test(line.masked);
    const isJudged = index > 0 || left.trim() === '';
    if (isJudged && index > 0 && !isBlank && !startsWithCloser && line.column <= shape.blockColumn) {
      const endWord = closer === null && /^\s*end\b/.test(line.masked);
      if (endWord && !isClosedBelow) return line.isWhole ? { at: line.end, isCertain: true } : null;
      const goesOnHere = !goesOnBelow && isContinuation(line, line, language, shape);
      if (!goesOnHere && !reader.isQuotedAt(line))
        return goesOnBelow ? { at: line.start, isCertain: true } : before(line, line, language, shape);
    }
    const closedAt = firstClosing(line.masked, depth, closer === null ? -1 : 0);
    depth += depthOf(line.masked);
    if (closedAt !== null) {
      // What a line has begun with stays; what a quote holds is known only when the line is whole.
      const isKnown = line.isWhole || (startsWithCloser && line.masked.slice(0, closedAt).trim() === '');
      if (isClosedBelow || closer === null) return { at: line.start + closedAt, isCertain: isKnown };
      if (!line.isWhole) return null;
      // `} else {` opens the next body of the same construct.
      if (depth <= 0) return { at: line.end, isCertain: true };
    }
  }
  return null;
}

/** Cut before a line; not certain while it may still turn out to be an `else`. */
function before(line: TextLine, header: TextLine | null, language: Language, shape?: Shape): End {
  const word = /^\s*([a-z]+)$/.exec(line.written)?.[1];
  const mayBecome =
    !line.isWhole && word !== undefined && [...continuations].some(one => one.startsWith(word)) && header !== null;
  return { at: line.start, isCertain: !(mayBecome && goesOnByWords(language, shape)) };
}

const continuations = new Set(['else', 'elif', 'elsif', 'except', 'finally', 'rescue', 'ensure', 'end']);

/** `else:` at the column of its `if` belongs to it. */
function isContinuation(line: TextLine, header: TextLine | null, language: Language, shape?: Shape): boolean {
  if (header === null || !goesOnByWords(language, shape)) return false;
  return (
    continuations.has(/^\s*([a-z]+)\b/.exec(line.masked)?.[1] ?? '') &&
    line.column === (shape?.blockColumn ?? header.column)
  );
}

function goesOnByWords(language: Language, shape: Shape | undefined): boolean {
  return shape === undefined ? language.blocksByIndentation : closerOf[shape.opener ?? ''] === undefined;
}

function opensByIndentation(code: string, language: Language): boolean {
  return (
    language.blocksByIndentation && /:\s*$/.test(code) && /^\s*(?:async\s+)?[a-z]+\b/.test(code) && depthOf(code) <= 0
  );
}

/** What cannot end a statement. */
function goesOn(code: string): boolean {
  return /(?:=>|->|&&|\|\||[=+\\])\s*$/.test(code);
}

/** Belongs to what the next line begins. */
const isAnnotation = /^\s*(?:@[\w.]+(?:\(.*\))?|#\[.*\])\s*$/;

/** The `else` that a model would go on with stands there already. */
function continuesBelow({ blockColumn }: Shape, suffix: string): boolean {
  const next = suffix
    .split('\n', 60)
    .slice(1)
    .find(line => line.trim() !== '');
  if (next === undefined || columnOf(next) !== blockColumn) return false;
  return continuations.has(/^\s*([a-z]+)\b/.exec(next)?.[1] ?? '');
}

function closesBelow({ opener, blockColumn }: Shape, suffix: string): boolean {
  const [right = '', ...below] = suffix.split('\n', 60);
  const closer = closerOf[opener ?? ''];
  if (right.trim() !== '') return closer !== undefined && right.trimStart().startsWith(closer);
  const next = below.find(line => line.trim() !== '');
  if (next === undefined || columnOf(next) !== blockColumn) return false;
  return closer === undefined ? /^\s*end\b/.test(next) : next.trimStart().startsWith(closer);
}

/** Where the depth of brackets falls to `least`, which is where the body is closed. */
function firstClosing(masked: string, open: number, least: number): number | null {
  let depth = open;
  for (let at = 0; at < masked.length; at++) {
    const value = valueOf(masked.charAt(at));
    depth += value;
    if (value < 0 && depth <= least) return at;
  }
  return null;
}

function depthOf(masked: string): number {
  let depth = 0;
  for (const unit of masked) depth += valueOf(unit);
  return depth;
}

function surplusClosers(text: string): number {
  let depth = 0;
  let least = 0;
  for (const unit of text) {
    depth += valueOf(unit);
    least = Math.min(least, depth);
  }
  return -least;
}

function valueOf(unit: string): number {
  if (unit === '(' || unit === '[' || unit === '{') return 1;
  return unit === ')' || unit === ']' || unit === '}' ? -1 : 0;
}

const closerOf: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };
