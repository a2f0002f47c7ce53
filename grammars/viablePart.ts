import type { LogCallback, Tree } from 'web-tree-sitter';
import { bracketTokens, type BracketToken } from './brackets.js';
import { endingsOf } from './endings.js';
import { withInserted, type Insertion, type ParsedDocument } from './insertion.js';
import { openQuote } from './openQuote.js';
import type { Grammars } from './parse.js';
import { beforeReservedName } from './reservedNames.js';
import { shortenedBefore } from './shortenedBefore.js';
import { createViabilityProbe } from './viablePrefix.js';

export interface ViablePart {
  readonly keep: number;
  readonly brackets: readonly BracketToken[];
}

/** How much of a suggestion can begin what some valid program goes on with; null when the time is over. */
export function viablePart(
  grammars: Grammars,
  doc: ParsedDocument,
  insertion: Insertion,
  deadlineMs: number,
): ViablePart | null {
  const { start, text } = insertion;
  const shortened = shortenedBefore(doc.tree, doc.text, start);
  // The parser's log costs about a microsecond a unit. In a place so broken that no list encloses it, all may pass,
  // and so may directives, whose other half may be far away.
  if (shortened.length > maxLoggedUnits || hasDirective(text, doc)) {
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
  // Most are sound: closed somehow, there is no error. The log, ten times as dear, is for the others.
  const endings = parse(content, tree => endingsOf(tree, doc.grammar, doc.language, content));
  if (endings === null) return null;
  for (const ending of endings) {
    const sound = parse(content + ending, tree => (tree.rootNode.hasError ? null : read(tree, text.length)));
    if (sound !== null) return sound;
  }
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

function hasDirective(text: string, { grammar }: ParsedDocument): boolean {
  return preprocessed.has(grammar.name) && /^[ \t]*#[ \t]*[a-z]/m.test(text);
}

const preprocessed = new Set(['c', 'cpp', 'csharp']);
