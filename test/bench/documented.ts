import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CodeSymbol } from '../../index/codeIndex.js';
import type { Extractor } from '../../index/extract.js';
import type { FileContent } from '../../index/store.js';

/** A documentation comment, and where its function is once the comment is gone. */
export interface DocumentedQuery {
  readonly query: string;
  readonly path: string;
  readonly name: string;
  /** Line of the function's name in the text without the comment. */
  readonly line: number;
}

export interface DocumentedTree {
  readonly files: readonly { readonly path: string; readonly language: string; readonly content: FileContent }[];
  readonly queries: readonly DocumentedQuery[];
}

export interface TreeChoice {
  readonly folder: string;
  readonly extensions: readonly string[];
  /** Of the path within the folder; all when absent. */
  readonly within?: RegExp;
  readonly maxFiles: number;
  readonly queries: number;
}

const maxBytes = 400_000;

const commentsPerFile = 3;

/** Reads a tree, takes out evenly chosen comments, at most three a file, and extracts all files as the index does. */
export function documentedTree(choice: TreeChoice, extractor: Extractor): DocumentedTree {
  const paths = evenly(sourcePaths(choice), choice.maxFiles);
  const candidates = paths.flatMap(path => {
    const text = readFileSync(path, 'utf8');
    const found = documentedFunctions(path, extractor.extract({ path, text }).symbols, text);
    return evenly(withoutOverlap(found), commentsPerFile).map(each => ({ path, ...each }));
  });
  const chosen = evenly(candidates, choice.queries);
  const queries: DocumentedQuery[] = [];
  const files = paths.map(path => {
    const own = chosen.filter(each => each.path === path);
    let text = readFileSync(path, 'utf8');
    const shown = relative(choice.folder, path);
    for (const { query, name, line, nameOffset } of own) {
      const before = own.filter(other => other.start < nameOffset);
      const removed = before.reduce((lines, other) => lines + countLines(text.slice(other.start, other.end)), 0);
      queries.push({ query, path: shown, name, line: line - removed });
    }
    for (const { start, end } of own.toReversed()) text = text.slice(0, start) + text.slice(end);
    const { language, chunks, symbols } = extractor.extract({ path, text });
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    return { path: shown, language, content: { hash, chunks, symbols } };
  });
  return { files, queries };
}

function withoutOverlap(found: readonly Documented[]): Documented[] {
  const sorted = found.toSorted((left, right) => left.start - right.start);
  return sorted.filter((each, index) => index === 0 || each.start >= (sorted[index - 1]?.end ?? 0));
}

interface Documented {
  readonly name: string;
  readonly line: number;
  readonly nameOffset: number;
  readonly query: string;
  /** Of the comment, in the text. */
  readonly start: number;
  readonly end: number;
}

function documentedFunctions(path: string, symbols: readonly CodeSymbol[], text: string): Documented[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const comment = path.endsWith('.py') ? docstringOf : leadingCommentOf;
  return symbols.flatMap(symbol => {
    if (symbol.kind !== 'function' && symbol.kind !== 'method') return [];
    const start = (starts[symbol.span.startLine] ?? 0) + symbol.span.startColumn;
    const end = (starts[symbol.span.endLine] ?? text.length) + symbol.span.endColumn;
    const found = comment(text, start, end);
    if (found === null || countLines(text.slice(start, end)) - countLines(found.text) < 3) return [];
    const query = queryOf(found.text, symbol.name);
    if (query === null) return [];
    const line = symbol.nameSpan.startLine;
    const nameOffset = (starts[line] ?? 0) + symbol.nameSpan.startColumn;
    return [{ name: symbol.name, line, nameOffset, query, start: found.start, end: found.end }];
  });
}

interface FoundComment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function docstringOf(text: string, start: number, end: number): FoundComment | null {
  const match = /^[^\n]*def [^]*?:[ \t]*\n[ \t]*[rR]?("""|''')([^]*?)\1[ \t]*\n/.exec(text.slice(start, end));
  const header = match?.[0].slice(0, match[0].indexOf(match[1] ?? ''));
  if (match === null || header === undefined || /\n\s*(return|def|class|#)\b/.test(header)) return null;
  const from = start + header.lastIndexOf('\n') + 1;
  return { text: match[2] ?? '', start: from, end: start + match[0].length };
}

function leadingCommentOf(text: string, start: number): FoundComment | null {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  let from = lineStart;
  while (from > 0) {
    const above = text.lastIndexOf('\n', from - 2) + 1;
    const line = text.slice(above, from).trim();
    if (!/^(\/\/|\/\*\*|\*)/.test(line)) break;
    from = above;
    if (line.startsWith('/*')) break;
  }
  return from === lineStart ? null : { text: text.slice(from, lineStart), start: from, end: lineStart };
}

/** The first paragraph, without marks, tags and the function's own name; null when too little is said. */
function queryOf(comment: string, name: string): string | null {
  const bare = comment
    .replace(/^[ \t]*(\/\*\*?|\*\/|\*|\/\/+)[ \t]?/gm, '')
    .replace(/\*\/\s*$/, '')
    .trim();
  const paragraph = bare.split(/\n\s*\n|\n\s*(?=[@:]|>>>|Parameters|Args:|Returns:)/)[0] ?? '';
  const words = paragraph
    .replace(/\{@\w+ ([^}]*)\}/g, '$1')
    .replaceAll(name, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (/deprecated|todo|copyright|go:|eslint|@ts-|@internal|^@/i.test(words)) return null;
  return words.split(' ').filter(word => /[a-z]{2}/i.test(word)).length < 5 ? null : words.slice(0, 300);
}

function sourcePaths({ folder, extensions, within }: TreeChoice): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && extensions.some(extension => entry.name.endsWith(extension)))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !/\.d\.ts$|\.min\.js$|_test\.go$|[\\/](test|tests|testdata|site-packages)[\\/]/.test(path))
    .filter(path => within === undefined || within.test(relative(folder, path)))
    .filter(path => statSync(path).size < maxBytes)
    .sort();
}

function evenly<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]).flatMap(
    item => item ?? [],
  );
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
