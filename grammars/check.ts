import { balanceOf, type BracketToken } from './brackets.js';
import { withInserted, type Insertion, type ParsedDocument } from './insertion.js';
import { openQuote } from './openQuote.js';
import type { Grammars } from './parse.js';
import { quotingAt } from './surroundings.js';
import { errorsAfter } from './treeErrors.js';
import type { CheckResult, LeftOpen } from './trees.js';
import { viablePart } from './viablePart.js';
import { wholePart } from './wholePart.js';

/**
 * Judges a suggestion by parsing what would stand there; the tree is re-used, so that a question costs little.
 * 1. Up to where is the text before it plus the suggestion the beginning of some valid program? It is cut there.
 * 2. Where it closes what was opened before it, ends a statement, or stands before the rest of a line: does what follows
 *    get errors that it has not now? Then it is cut before its last closer or line, and asked again.
 * 3. What it leaves open is asked about only where that may not be so: else the person goes on typing.
 */
export function checkInsertion(
  grammars: Grammars,
  doc: ParsedDocument,
  insertion: Insertion,
  deadlineMs: number,
  mayLeaveOpen: LeftOpen = 'anything',
): CheckResult {
  const giveUpAt = performance.now() + deadlineMs;
  const result = checkWhatFollows(grammars, doc, insertion, deadlineMs, giveUpAt);
  if (mayLeaveOpen === 'anything' || result.verdict === 'unknown' || result.verdict === 'refused') return result;
  const { text } = insertion;
  const keep = wholePart(grammars, doc, { ...insertion, text: text.slice(0, result.keep) }, mayLeaveOpen, giveUpAt);
  // What was cut is known to be broken behind that.
  if (keep === null) return result.verdict === 'cut' ? resultOf(text, 0) : { keep: text.length, verdict: 'unknown' };
  return keep === result.keep ? result : resultOf(text, keep);
}

/** Steps 1 and 2. */
function checkWhatFollows(
  grammars: Grammars,
  doc: ParsedDocument,
  insertion: Insertion,
  deadlineMs: number,
  giveUpAt: number,
): CheckResult {
  const unknown: CheckResult = { keep: insertion.text.length, verdict: 'unknown' };
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
  const errorsBehind = (part: string): number | null =>
    fewestErrors(grammars, doc, { ...insertion, text: part }, viable.brackets, giveUpAt);

  let { keep } = viable;
  while (keep > 0) {
    const part = insertion.text.slice(0, keep);
    const lastCloser = balanceOf(viable.brackets, insertion.start + keep).unmatched.at(-1);
    // Where the rest is in error anyway, more or fewer errors say little about code that is balanced.
    if (lastCloser === undefined && (errorsNow > 0 || !touchesRest(doc, insertion, part))) break;
    const errors = errorsBehind(part);
    if (errors === null) return unknown;
    const cut = shorter(part, lastCloser, insertion.start);
    if (errors <= errorsNow) {
      if (errors === 0 || lastCloser === undefined || cut === 0) break;
      // A closer too many may hide behind errors that were there before: then there are none without it.
      const errorsWithout = errorsBehind(insertion.text.slice(0, cut));
      if (errorsWithout === null) return unknown;
      if (errorsWithout > 0) break;
    }
    keep = cut;
  }
  return resultOf(insertion.text, keep);
}

/** The fewest errors behind the suggestion that there are with one of the tails; null when the time is over. */
function fewestErrors(
  grammars: Grammars,
  doc: ParsedDocument,
  insertion: Insertion,
  brackets: readonly BracketToken[],
  giveUpAt: number,
): number | null {
  const part = insertion.text;
  const { closers } = balanceOf(brackets, insertion.start + part.length);
  let fewest = Infinity;
  for (const tail of tailsOf(part, openQuote(part, doc.language), closers)) {
    const remainingMs = giveUpAt - performance.now();
    if (remainingMs <= 0) return null;
    const errors = errorsWith(grammars, doc, { ...insertion, text: part + tail }, part.trimEnd().length, remainingMs);
    if (errors === null) return null;
    fewest = Math.min(fewest, errors);
    if (fewest === 0) break;
  }
  return fewest;
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
