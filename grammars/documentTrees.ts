import type { Tree } from 'web-tree-sitter';
import type { DocSnapshot, TextEdit } from '../server/base/snapshot.js';
import { checkInsertion } from './check.js';
import { editTree } from './editTree.js';
import type { Language } from './language.js';
import type { Grammars, LoadedGrammar } from './parse.js';
import { languageOf } from './registry.js';
import { shapeAt } from './shape.js';
import { surroundingsAt } from './surroundings.js';
import type { CheckRequest, CheckResult, Shape, Surroundings } from './trees.js';

/**
 * Documents and their trees within one thread. Synchronous. A question about another version than the one held is
 * answered with `unknown` or null. Throws GrammarAborted when the module is lost.
 */
export interface DocumentTrees {
  open(snapshot: DocSnapshot): void;
  /** `lost` where the edits do not lead to a text of `length` units: the document has to be opened again. */
  change(uri: string, version: number, edits: readonly TextEdit[], length: number): 'changed' | 'lost';
  close(uri: string): void;
  check(request: CheckRequest, deadlineMs: number): CheckResult;
  surroundings(uri: string, version: number, offset: number): Surroundings | null;
  shape(uri: string, version: number, offset: number): Shape | null;
  /** Parses what changed, so that the next question finds it done. */
  refresh(uri: string): void;
  /** The syntax of a document as an S-expression, and how many trees are held: for tests of what is kept and freed. */
  inspect(uri: string): { readonly syntax: string | null; readonly trees: number };
}

interface Held {
  readonly language: Language;
  readonly grammar: LoadedGrammar;
  version: number;
  text: string;
  /** Null before the first parse, and after one that was given up. */
  tree: Tree | null;
  /** Whether the tree was parsed from `text`; else it was only told of edits. */
  fresh: boolean;
}

export function createDocumentTrees(grammars: Grammars): DocumentTrees {
  const documents = new Map<string, Held>();

  const close = (uri: string): void => {
    documents.get(uri)?.tree?.delete();
    documents.delete(uri);
  };

  const freshTree = (held: Held): Tree | null => {
    if (held.fresh) return held.tree;
    const tree = grammars.parse(held.grammar, held.text, held.tree, { deadlineMs: parseDeadlineMs });
    held.tree?.delete();
    held.tree = tree;
    // A text that took too long is not tried again before it changes.
    held.fresh = true;
    return tree;
  };

  const current = (uri: string, version: number): { held: Held; tree: Tree } | null => {
    const held = documents.get(uri);
    if (held?.version !== version) return null;
    const tree = freshTree(held);
    return tree === null ? null : { held, tree };
  };

  return {
    open: ({ uri, path, languageId, version, text }) => {
      close(uri);
      const language = languageOf(path, languageId, text.slice(0, 4000));
      const grammar = language === null ? null : grammars.load(language);
      if (language === null || grammar === null) return;
      documents.set(uri, { language, grammar, version, text, tree: null, fresh: false });
    },
    change: (uri, version, edits, length) => {
      const held = documents.get(uri);
      if (held === undefined) return 'lost';
      for (const { start, end, text } of edits) {
        if (held.tree !== null) editTree(held.tree, held.text, start, end, text);
        held.text = held.text.slice(0, start) + text + held.text.slice(end);
        held.fresh = false;
      }
      held.version = version;
      if (held.text.length === length) return 'changed';
      close(uri);
      return 'lost';
    },
    close,
    check: ({ uri, version, start, end, text, mayLeaveOpen }, deadlineMs) => {
      const found = current(uri, version);
      if (found === null) return { keep: text.length, verdict: 'unknown' };
      const { language, grammar, text: content } = found.held;
      return checkInsertion(
        grammars,
        { language, grammar, text: content, tree: found.tree },
        { start, end, text },
        deadlineMs,
        mayLeaveOpen,
      );
    },
    surroundings: (uri, version, offset) => {
      const found = current(uri, version);
      return found === null ? null : surroundingsAt(found.tree, found.held.grammar, found.held.text, offset);
    },
    shape: (uri, version, offset) => {
      const found = current(uri, version);
      return found === null ? null : shapeAt({ ...found.held, tree: found.tree }, offset);
    },
    refresh: uri => {
      const held = documents.get(uri);
      if (held !== undefined) freshTree(held);
    },
    inspect: uri => {
      const held = documents.get(uri);
      const tree = held === undefined ? null : freshTree(held);
      return {
        syntax: tree?.rootNode.toString() ?? null,
        trees: [...documents.values()].filter(each => each.tree !== null).length,
      };
    },
  };
}

/** A first parse of a file of 1 MB may take a few hundred milliseconds; what takes longer is pathological. */
const parseDeadlineMs = 2_000;
