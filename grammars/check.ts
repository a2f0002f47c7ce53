import type { LogCallback, Tree } from 'web-tree-sitter';
import { balanceOf, bracketTokens, type BracketToken } from './brackets.js';
import { editTree } from './editTree.js';
import type { Language } from './language.js';
import { openQuote } from './openQuote.js';
import { beforeReservedName } from './reservedNames.js';
import type { Grammars, LoadedGrammar } from './parse.js';
import { shortenedBefore } from './shortenedBefore.js';
import { quotingAt } from './surroundings.js';
import { errorsAfter } from './treeErrors.js';
import type { CheckResult } from './trees.js';
import { createViabilityProbe } from './viablePrefix.js';

/** A document and its tree, which fits the text. */
export interface ParsedDocument {
  readonly language: Language;
  readonly grammar: LoadedGrammar;
  readonly text: string;
  readonly tree: Tree;
}

/** `text` is to replace [start, end). */
export interface Insertion {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Judges a suggestion by parsing what would stand there; the tree is re-used, so that a question costs little.
 * 1. Up to where is the text before it plus the suggestion the beginning of some valid program? It is cut there.
 * 2. Where it closes what was opened before it, ends a statement, or stands before the rest of a line: does what follows
 *    get errors that it has not now? Then it is cut before its last closer or line, and asked again.
 * What it leaves open is not asked about: the person goes on typing.
 */
export function checkInsertion(
  grammars: Grammars,
  doc: ParsedDocument,
  insertion: Insertion,
  deadlineMs: number,
): CheckResult {
  const unknown: CheckResult = { keep: insertion.text.length, verdict: 'unknown' };
  const giveUpAt = performance.now() + deadlineMs;
  const quoting = quotingAt(doc.tree, doc.grammar, doc.text, insertion.start);
  if (quoting !== null) {
    const opener = doc.text.slice(quoting.start, insertion.start);
    // A line comment is code that is gone on with; the rest is prose up to what closes it.
    if (quoting.kind === 'string' || blockComment.test(opener)) {
      return checkQuoted(grammars, doc, insertion, quoting.kind === 'string' ? opener : null, deadlineMs) ?? unknown;
    }
  }
  const viable = viablePart(grammars, doc, insertion, deadlineMs);
  if (viable === null) return unknown;

  // An error may end with the last token before the cursor, where nothing but white space follows.
  const lastToken = doc.text.slice(0, insertion.start).trimEnd().length;
  const errorsNow = errorsAfter(doc.tree, lastToken).length;
  let { keep } = viable;
  while (keep > 0) {
    const part = insertion.text.slice(0, keep);
    const balance = balanceOf(viable.brackets, insertion.start + keep);
    const closes = balance.unmatched.length > 0;
    // Where the rest is in error anyway, more or fewer errors say little about code that is balanced.
    const asked = closes || (errorsNow === 0 && touchesRest(doc, insertion, part));
    const tails = asked ? tailsOf(part, openQuote(part, doc.language), balance.closers) : [];
    let fits = tails.length === 0;
    for (const tail of tails) {
      const remainingMs = giveUpAt - performance.now();
      if (remainingMs <= 0) return unknown;
      const errors = errorsWith(grammars, doc, { ...insertion, text: part + tail }, part.trimEnd().length, remainingMs);
      if (errors === null) return unknown;
      fits = errors <= errorsNow;
      if (fits) break;
    }
    if (fits) break;
    keep = shorter(part, balance.unmatched.at(-1), insertion.start);
  }
  return resultOf(insertion.text, keep);
}

/** Inside of quotes anything goes that leaves the rest as it is; else what stands before the next quote. */
function checkQuoted(
  grammars: Grammars,
  doc: ParsedDocument,
  insertion: Insertion,
  opener: string | null,
  deadlineMs: number,
): CheckResult | null {
  const errors = errorsWith(grammars, doc, insertion, insertion.text.length, deadlineMs);
  if (errors === null) return null;
  if (errors <= errorsAfter(doc.tree, insertion.end).length) return resultOf(insertion.text, insertion.text.length);
  const quote = opener === null ? '*/' : (/["'`]/.exec(opener)?.[0] ?? '"');
  const end = insertion.text.indexOf(quote);
  return resultOf(insertion.text, end < 0 ? 0 : end);
}

const blockComment = /^(?:\/\*|<!--)/;

function resultOf(text: string, keep: number): CheckResult {
  if (text.slice(keep).trim() === '') return { keep: text.length, verdict: 'passed' };
  return keep === 0 ? { keep, verdict: 'refused' } : { keep, verdict: 'cut' };
}

interface ViablePart {
  readonly keep: number;
  readonly brackets: readonly BracketToken[];
}

function viablePart(
  grammars: Grammars,
  doc: ParsedDocument,
  insertion: Insertion,
  deadlineMs: number,
): ViablePart | null {
  const { start, text } = insertion;
  const shortened = shortenedBefore(doc.tree, doc.text, start);
  // The parser's log costs about a microsecond a unit. In a place so broken that no list encloses it, all may pass.
  if (shortened.length > maxLoggedUnits) {
    return withInserted(grammars, doc, insertion, deadlineMs, tree => ({
      keep: text.length,
      brackets: bracketTokens(tree, start, start + text.length),
    }));
  }
  const content = shortened + text + openQuote(text, doc.language);
  const from = shortened.length;
  const read = (tree: Tree, viable: number): ViablePart => {
    const keep = beforeReservedName(tree, doc.grammar, from, from + viable, content) - from;
    const brackets = bracketTokens(tree, from, from + keep);
    return { keep, brackets: brackets.map(({ type, offset }) => ({ type, offset: offset - from + start })) };
  };
  // Not from the old tree: what an edit has deleted is visited node by node, and each visit is logged.
  const parse = <Result>(parsed: string, use: (tree: Tree) => Result, log?: LogCallback): Result | null => {
    const tree = grammars.parse(doc.grammar, parsed, null, log === undefined ? { deadlineMs } : { deadlineMs, log });
    if (tree === null) return null;
    try {
      return use(tree);
    } finally {
      tree.delete();
    }
  };
  // Most are sound: with all brackets closed there is no error. The log, ten times as dear, is for the others.
  const closers = parse(content, tree => balanceOf(bracketTokens(tree, 0, content.length), content.length).closers);
  if (closers === null) return null;
  const sound = parse(content + closers, tree => (tree.rootNode.hasError ? null : read(tree, text.length)));
  if (sound !== null) return sound;
  const probe = createViabilityProbe(content, from);
  return parse(
    content,
    tree => {
      const { offset, unclear } = probe.result();
      return read(tree, unclear ? text.length : Math.min(Math.max(offset - from, 0), text.length));
    },
    probe.log,
  );
}

const maxLoggedUnits = 4_000;

/** Errors at or after the end of the suggestion, of which `length` units count, were it put in. */
function errorsWith(
  grammars: Grammars,
  doc: ParsedDocument,
  insertion: Insertion,
  length: number,
  deadlineMs: number,
): number | null {
  return withInserted(grammars, doc, insertion, deadlineMs, tree => errorsAfter(tree, insertion.start + length).length);
}

function withInserted<Result>(
  grammars: Grammars,
  doc: ParsedDocument,
  { start, end, text }: Insertion,
  deadlineMs: number,
  use: (tree: Tree) => Result,
): Result | null {
  const old = doc.tree.copy();
  try {
    editTree(old, doc.text, start, end, text);
    const content = doc.text.slice(0, start) + text + doc.text.slice(end);
    const tree = grammars.parse(doc.grammar, content, old, { deadlineMs });
    if (tree === null) return null;
    try {
      return use(tree);
    } finally {
      tree.delete();
    }
  } finally {
    old.delete();
  }
}

/** Whether what follows the suggestion has a say already. */
function touchesRest(doc: ParsedDocument, { end }: Insertion, part: string): boolean {
  if (endsStatement.test(part)) return true;
  if (doc.language.blocksByIndentation && part.includes('\n')) return true;
  const newline = doc.text.indexOf('\n', end);
  return doc.text.slice(end, newline < 0 ? doc.text.length : newline).trim() !== '';
}

/** What the person may type next, as shortly as can be; what follows must be content with one of them. */
function tailsOf(part: string, quote: string, closers: string): string[] {
  const tails: string[] = [];
  // What it leaves open may be closed by what follows already, from the outermost.
  for (let count = closers.length; count >= 0; count--) tails.push(quote + closers.slice(0, count));
  if (quote === '' && !endsStatement.test(part))
    for (const [before, after] of openTails) tails.push(before + closers + after);
  return tails;
}

const endsStatement = /[;}]\s*$/;

/** The end of the statement, an operand, a block: before and after the closers. */
const openTails = [
  ['', ';'],
  ['x', ''],
  ['x', ';'],
  ['', ' {}'],
  ['', ' pass'],
] as const;

/** The next shorter part worth a try: before its last closer, else without its last line, else nothing. */
function shorter(part: string, closer: number | undefined, start: number): number {
  if (closer !== undefined) return part.slice(0, closer - start).trimEnd().length;
  return part.slice(0, Math.max(0, part.trimEnd().lastIndexOf('\n'))).trimEnd().length;
}
