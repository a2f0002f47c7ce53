import { blockOpener, bodyKindByText, isBalanced, type BodyKind } from './blockOpener.js';
import type { Language } from './language.js';
import { maskCode } from './maskCode.js';
import type { Shape } from './trees.js';

/** What a syntax tree knows better than the text. */
export interface SyntaxFacts {
  readonly quoting: 'comment' | 'string' | null;
  /** What the bracket or `:` at an offset opens; null where the tree is in error there. */
  bodyAt(offset: number): BodyKind | null;
  /** Where the outermost construct around an offset begins: what is read from there on is no comment and no string. */
  codeStart(offset: number): number;
  /** Whether [start, end) is in error: then something is still to be written there. */
  hasError(start: number, end: number): boolean;
}

/** How much may be written at a place. Without `facts`, by brackets, first words and indentation alone. */
export function shapeByText(text: string, offset: number, language: Language, facts: SyntaxFacts | null = null): Shape {
  const view = viewAt(text, offset, language, facts);
  const none: Shape = { extent: 'none', blockColumn: columnOf(view.left), opener: null, isQuoted: false };
  const line: Shape = { ...none, extent: 'line' };
  if (/^[\p{L}\p{N}_$]/u.test(view.right)) return none;
  const quoting = facts === null ? view.quoting : facts.quoting;
  if (quoting !== null) return { ...(endsQuote(view.right.trim(), quoting) ? line : none), isQuoted: true };
  const rest = view.maskedRight.trim();
  if (rest !== '') return besideRest(view, rest, facts) ?? none;
  // A comment stands right of the cursor.
  if (view.right.trim() !== '') return line;
  return view.left.trim() === '' ? onEmptyLine(view, facts) : atLineEnd(view);
}

/** Columns of the blanks that a line begins with; a tab counts four. */
export function columnOf(line: string): number {
  let column = 0;
  for (const unit of line) {
    if (unit === '\t') column += 4;
    else if (unit === ' ') column++;
    else break;
  }
  return column;
}

function endsQuote(right: string, quoting: 'comment' | 'string'): boolean {
  return right === '' || (quoting === 'comment' ? /^(?:\*\/|-->)/ : /^["'`]/).test(right);
}

/** Something else than blanks stands right of the cursor. Null: nothing may be put before it. */
function besideRest(view: View, rest: string, facts: SyntaxFacts | null): Shape | null {
  const line: Shape = { extent: 'line', blockColumn: columnOf(view.left), opener: null, isQuoted: false };
  const left = view.maskedLeft.trimEnd();
  if (/^[\s)\]}>"'`;,:]*$/.test(rest)) {
    const opener = left.endsWith('{') && rest.startsWith('}') ? '{' : null;
    return opener !== null && bodyOf(view, view.current, opener, left.length, facts) !== 'elements'
      ? { extent: 'block', blockColumn: view.logicalColumn(view.current), opener, isQuoted: false }
      : line;
  }
  const isBeforeCloser = /^[)\]}]/.test(rest) && left.trim() !== '';
  if (isBeforeCloser || isUnfinished(left)) return line;
  // A word that is being typed may go on before a mark.
  if (/[\p{L}\p{N}_$]$/u.test(view.left) && /^[^\p{L}\p{N}_$"'`]/u.test(rest)) return line;
  if (left.trim() === '') return null;
  return facts?.hasError(view.lineStart, view.lineStart + view.left.length + view.right.length) === true ? line : null;
}

/** What stands left of the cursor wants something behind it. */
function isUnfinished(left: string): boolean {
  return /[([{,=+\-*/%&|^<>!?:.~]$/.test(left) || openWord.test(left);
}

const openWord =
  /(?:^|[^\p{L}\p{N}_$.])(?:return|await|new|in|of|is|as|and|or|not|if|elif|else|case|throw|raise|import|from|typeof|yield|let|const|var|mut|fn|func|def|class|function|extends|implements|instanceof|go|defer|use|where)$/u;

function atLineEnd(view: View): Shape {
  const { current, left } = view;
  const masked = view.maskedLeft.trimEnd();
  const blockColumn = view.logicalColumn(current);
  // `key: ` waits for a value.
  const isBeforeValue = view.language.id === 'yaml' && /\s$/.test(left);
  const opener = isBeforeValue ? null : blockOpener(masked, view.logicalText(current, masked), view.language);
  if (opener !== null) {
    if (isEmptyBelow(view, blockColumn)) return { extent: 'block', blockColumn, opener, isQuoted: false };
    // What stands below is the body of this one, or of what the statement still is to open.
    return { extent: opener === '(' || opener === '[' ? 'line' : 'none', blockColumn, opener: null, isQuoted: false };
  }
  const logical = view.logicalText(current, masked);
  const isFinished = /;$/.test(left) || /^\s*[)\]}]+[;,]?$/.test(left);
  const isNone = isFinished && !view.language.blocksByIndentation && depthOf(logical) <= 0;
  return { extent: isNone ? 'none' : 'line', blockColumn: columnOf(left), opener: null, isQuoted: false };
}

/** An unmatched closer belongs to a line above. */
function depthOf(masked: string): number {
  let depth = 0;
  for (const unit of masked) {
    if (unit === '(' || unit === '[' || unit === '{') depth++;
    else if (unit === ')' || unit === ']' || unit === '}') depth = Math.max(0, depth - 1);
  }
  return depth;
}

function onEmptyLine(view: View, facts: SyntaxFacts | null): Shape {
  const { language, left, lines, current } = view;
  const line: Shape = { extent: 'line', blockColumn: columnOf(left), opener: null, isQuoted: false };
  const above = view.codeAbove(current);
  if (above < 0) return line;
  const masked = (lines[above] ?? '').trimEnd();
  const opener = blockOpener(masked, view.logicalText(above, masked), language);
  if (opener !== null) {
    const blockColumn = view.logicalColumn(above);
    return isEmptyBelow(view, blockColumn) ? { extent: 'block', blockColumn, opener, isQuoted: false } : line;
  }
  const column = bodyColumn(view, above);
  const below = view.below();
  if (below !== null && columnOf(below) >= column && !/^\s*[)\]}]/.test(below)) return line;
  const header = headerAbove(view, above, column);
  if (header === null) return line;
  const kind = bodyOf(view, header.line, header.opener, header.length, facts);
  if (kind !== 'statements' || endsBody(masked, language)) return line;
  return { extent: 'block', blockColumn: view.logicalColumn(header.line), opener: header.opener, isQuoted: false };
}

/** Where statements stand in the body that the cursor is in, after the line of code `above` it. */
function bodyColumn(view: View, above: number): number {
  const written = view.logicalColumn(above);
  const cursor = columnOf(view.left);
  if (view.language.blocksByIndentation) return Math.min(written, cursor);
  return cursor > 0 ? Math.min(written, cursor) : written;
}

/** The nearest line above with less indentation, if it opens a body. */
function headerAbove(
  view: View,
  from: number,
  column: number,
): { line: number; opener: string; length: number } | null {
  for (let line = view.codeAbove(from); line >= 0; line = view.codeAbove(line)) {
    const masked = (view.lines[line] ?? '').trimEnd();
    if (columnOf(masked) >= column) continue;
    const opener = blockOpener(masked, view.logicalText(line, masked), view.language);
    return opener === null ? null : { line, opener, length: masked.length };
  }
  return null;
}

function bodyOf(view: View, line: number, opener: string, length: number, facts: SyntaxFacts | null): BodyKind {
  const masked = (view.lines[line] ?? '').slice(0, length);
  return facts?.bodyAt(view.startOf(line) + length - 1) ?? bodyKindByText(view.logicalText(line, masked), opener);
}

function isEmptyBelow(view: View, column: number): boolean {
  const below = view.below();
  return below === null || columnOf(below) <= column;
}

/** Behind these nothing is reached; the last expression of a Rust block is its value. */
function endsBody(masked: string, { id }: Language): boolean {
  return ending.test(masked) || (id === 'rust' && /[\p{L}\p{N}_)\]?"']$/u.test(masked) && isBalanced(masked));
}

const ending =
  /^\s*(?:return|throw|raise|break|continue|goto|pass|panic!?|unreachable!|todo!|exit|process\.exit|sys\.exit)\b/;

const windowUnits = 12_000;
const unitsBelow = 4_000;
const mostLinesOfOne = 40;

/** The lines around the cursor, masked up to it. */
interface View {
  readonly language: Language;
  readonly left: string;
  readonly right: string;
  readonly maskedLeft: string;
  readonly maskedRight: string;
  readonly lineStart: number;
  readonly quoting: 'comment' | 'string' | null;
  /** Masked, up to the cursor's own, which is `current`. */
  readonly lines: readonly string[];
  readonly current: number;
  startOf(line: number): number;
  /** The nearest line above one that holds code, or -1. */
  codeAbove(line: number): number;
  /** The nearest line below the cursor's that is not blank, as written. */
  below(): string | null;
  /** Column of the line where the brackets that a line closes were opened. */
  logicalColumn(line: number): number;
  /** All of it, up to the end of `masked`, which is that line or its beginning. */
  logicalText(line: number, masked: string): string;
}

function viewAt(text: string, offset: number, language: Language, facts: SyntaxFacts | null): View {
  const from = offset <= windowUnits ? 0 : startOfWindow(text, offset, facts);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', offset);
  const lineEnd = newline < 0 ? text.length : newline;
  const code = text.slice(from, lineEnd);
  const masked = maskCode(code, language, offset - from);
  const lines = masked.text.split('\n').map(line => line.replace(/\r$/, ''));
  const starts = [from];
  for (let at = code.indexOf('\n'); at >= 0 && starts.length < lines.length; at = code.indexOf('\n', at + 1)) {
    starts.push(from + at + 1);
  }
  const right = text.slice(offset, lineEnd).replace(/\r$/, '');
  const current = lines.length - 1;

  const logicalStart = (line: number): number => {
    let start = line;
    let open = surplusClosers(lines[line] ?? '');
    while (open > 0 && start > 0 && line - start < mostLinesOfOne) {
      start--;
      open = surplusClosers(lines.slice(start, line + 1).join('\n'));
    }
    return open > 0 ? line : start;
  };
  return {
    language,
    left: text.slice(lineStart, offset),
    right,
    maskedLeft: lines[current] ?? '',
    maskedRight: masked.open === null ? maskCode(right, language).text : right,
    lineStart,
    quoting: masked.open,
    lines,
    current,
    startOf: line => starts[line] ?? from,
    codeAbove: line => {
      let above = line - 1;
      while (above >= 0 && (lines[above] ?? '').trim() === '') above--;
      return above;
    },
    below: () =>
      text
        .slice(lineEnd, lineEnd + unitsBelow)
        .split('\n')
        .find(line => line.trim() !== '') ?? null,
    logicalColumn: line => columnOf(lines[logicalStart(line)] ?? ''),
    logicalText: (line, own) => [...lines.slice(logicalStart(line), line), own].join('\n'),
  };
}

/** A line that begins in code, where that is known and not too far away. */
function startOfWindow(text: string, offset: number, facts: SyntaxFacts | null): number {
  const far = text.lastIndexOf('\n', offset - windowUnits) + 1;
  const start = facts?.codeStart(far) ?? far;
  return far - start > 4 * windowUnits ? far : text.lastIndexOf('\n', start - 1) + 1;
}

/** Round and square ones: a curly one closes a body, which is not the same line. */
function surplusClosers(masked: string): number {
  let depth = 0;
  let least = 0;
  for (const unit of masked) {
    if (unit === '(' || unit === '[') depth++;
    else if (unit === ')' || unit === ']') least = Math.min(least, --depth);
  }
  return -least;
}
