import type { Tree } from 'web-tree-sitter';
import { blockOpener } from './blockOpener.js';
import { balanceOf, bracketTokens, openersOf, type BracketToken } from './brackets.js';
import { withInserted, type Insertion, type ParsedDocument } from './insertion.js';
import { maskCode } from './maskCode.js';
import { openedQuote, openedWithin } from './openedQuote.js';
import type { Grammars } from './parse.js';
import { shortenedBefore } from './shortenedBefore.js';
import { quotingAt } from './surroundings.js';
import { errorsAfter } from './treeErrors.js';
import type { LeftOpen } from './trees.js';

/**
 * How much of a suggestion, from its start, stands on its own: it leaves no comment and no string open that was not open
 * before, and where `mayLeaveOpen` is `nothing`, no bracket either, and the document parses as well with it as with the
 * simplest thing that could stand there. A body may be opened at the end of a line. Null when the time is over before
 * anything is known.
 */
export function wholePart(
  grammars: Grammars,
  doc: ParsedDocument,
  insertion: Insertion,
  mayLeaveOpen: LeftOpen,
  giveUpAt: number,
): number | null {
  const { text, start } = insertion;
  const quoting = quotingAt(doc.tree, doc.grammar, doc.text, start);
  if (quoting !== null) {
    const opened = openedWithin(doc.text.slice(quoting.start, start), text, doc.language);
    return opened === null ? text.length : text.slice(0, opened).trimEnd().length;
  }
  const judge = createJudge(grammars, doc, insertion, giveUpAt);
  const quote = openedQuote(text, doc.language);
  if (mayLeaveOpen === 'brackets') {
    const isSound = quote === null || judge.isSound(text);
    if (isSound === null) return null;
    return isSound ? text.length : text.slice(0, quote).trimEnd().length;
  }
  const first = judge.isWhole(text);
  if (first !== false) return first === null ? null : text.length;
  for (const length of shorterLengths(text, doc, quote).slice(0, mostTries)) {
    const isWhole = judge.isWhole(text.slice(0, length));
    // All of it is known to break something: better nothing than that.
    if (isWhole === null) return 0;
    if (isWhole) return length;
  }
  return 0;
}

/** What ends earlier than the last of them is hardly what was meant. */
const mostTries = 20;

interface Judge {
  isWhole(part: string): boolean | null;
  /** Whether it parses together with what stands before it, once all brackets are closed. */
  isSound(part: string): boolean | null;
}

function createJudge(grammars: Grammars, doc: ParsedDocument, insertion: Insertion, giveUpAt: number): Judge {
  const { start, text } = insertion;
  const lastToken = doc.text.slice(0, start).trimEnd().length;
  const before = shortenedBefore(doc.tree, doc.text, start);
  let tokens: readonly BracketToken[] | null = null;
  let fewest: number | null = null;
  return { isWhole, isSound };

  function isWhole(part: string): boolean | null {
    if (openedQuote(part, doc.language) !== null) {
      const isClosed = isSound(part);
      if (isClosed !== true) return isClosed;
    }
    // Most are: then nothing more need be asked.
    const plain = fewestErrors([part]);
    if (plain === null || plain === 0) return plain === null ? null : true;
    tokens ??= withTree(before + text, tree => bracketTokens(tree, before.length, before.length + text.length));
    if (tokens === null) return null;
    const openers = openersOf(tokens, before.length + part.length).map(({ offset }) => offset - before.length);
    const isLastLine = openers.every(opener => opener > part.trimEnd().lastIndexOf('\n'));
    const bodies = isLastLine ? emptyBodies(part, doc, insertion) : null;
    if (openers.length > 0 && bodies === null) return false;
    const { closers } = balanceOf(tokens, before.length + part.length);
    const errors = fewestErrors(
      bodies === null ? ends.map(end => part + end) : bodies.map(end => part + closers + end),
    );
    fewest ??= fewestErrors(simplest);
    if (errors === null || fewest === null) return null;
    return Math.min(errors, plain) <= fewest;
  }

  function isSound(part: string): boolean | null {
    const closers = withTree(before + part, tree => balanceOf(bracketTokens(tree, 0, Infinity), Infinity).closers);
    return closers === null ? null : withTree(before + part + closers, tree => !tree.rootNode.hasError);
  }

  function fewestErrors(texts: readonly string[]): number | null {
    let found = Infinity;
    for (const each of texts) {
      const deadlineMs = giveUpAt - performance.now();
      if (deadlineMs <= 0) return null;
      const count = (tree: Tree): number => errorsAfter(tree, lastToken).length;
      const errors = withInserted(grammars, doc, { ...insertion, text: each }, deadlineMs, count);
      if (errors === null) return null;
      found = Math.min(found, errors);
      if (found === 0) break;
    }
    return found;
  }

  /** Not from the old tree, which is of another text. */
  function withTree<Result>(content: string, use: (tree: Tree) => Result): Result | null {
    const deadlineMs = giveUpAt - performance.now();
    if (deadlineMs <= 0) return null;
    const tree = grammars.parse(doc.grammar, content, null, { deadlineMs });
    if (tree === null) return null;
    try {
      return use(tree);
    } finally {
      tree.delete();
    }
  }
}

/** The simplest things that may stand somewhere: what is in error with each of them is in error anyway. */
const simplest = ['', 'x', 'x;', 'x: x', '{}', 'x()'];
/** What may be all that is missing: nothing is said of ends of statements and of elements. */
const ends = [';', ','];

/**
 * What goes behind a line that ends with what opens a body, and is all there is of its line, to make it an empty one; null
 * for other lines.
 */
function emptyBodies(
  part: string,
  { language, text, grammar }: ParsedDocument,
  { start, end }: Insertion,
): readonly string[] | null {
  const right = text.slice(end, (text + '\n').indexOf('\n', end));
  if (!/^[\s)\]}>;,"'`]*$/.test(right)) return null;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const masked = maskCode(text.slice(lineStart, start) + part, language).text.trimEnd();
  const line = masked.slice(masked.lastIndexOf('\n') + 1);
  const tag = hasTags.has(grammar.name) ? /<(?:([A-Za-z][\w.:-]*)(?:\s[^<>]*[^/<>=-])?)?>$/.exec(line) : null;
  if (tag !== null) return [`</${tag[1] ?? ''}>`];
  const opener = blockOpener(line, line, language);
  return opener === '{' || opener === ':' ? bodyEnds : null;
}

/** With what may have to follow a body. */
const bodyEnds = ['', ';', ' finally {}', ' while (x);', ' pass', '\nexcept: pass'];

const hasTags = new Set(['javascript', 'tsx']);

/** Where it may end before, longest first: behind each token of its last line, and behind each line above. */
function shorterLengths(text: string, { language }: ParsedDocument, quote: number | null): readonly number[] {
  const lengths = new Set<number>();
  const masked = maskCode(text, language).text.slice(0, quote ?? text.length);
  let end = masked.trimEnd().length;
  for (const at of tokenEnds(masked.slice(masked.lastIndexOf('\n', end - 1) + 1, end)))
    lengths.add(masked.lastIndexOf('\n', end - 1) + 1 + at);
  while (end > 0) {
    const from = masked.lastIndexOf('\n', end - 1) + 1;
    lengths.add(end);
    end = masked.slice(0, from).trimEnd().length;
  }
  return [...lengths].filter(length => length < text.length).sort((one, other) => other - one);
}

function tokenEnds(masked: string): number[] {
  // What strings hold is U+0001.
  // eslint-disable-next-line no-control-regex
  return [...masked.matchAll(/["'`]\u0001*["'`]?|[\p{L}\p{N}_$]+|[)\]};]/gu)].map(
    ({ index, 0: token }) => index + token.length,
  );
}
