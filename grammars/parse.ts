import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Language as Grammar, Parser, Query, type LogCallback, type Tree } from 'web-tree-sitter';
import type { Language } from './language.js';

export interface GrammarFolders {
  /** Holds GRAMMAR.wasm and web-tree-sitter.wasm. */
  readonly wasmFolder: URL;
  /** Holds GRAMMAR/definitions.scm and the like. */
  readonly queryFolder: URL;
}

export type QueryName = 'definitions' | 'references' | 'imports' | 'comments' | 'strings';

/** What is looked up once for each grammar. */
export interface LoadedGrammar {
  readonly name: string;
  readonly grammar: Grammar;
  /** The source of a query, the parts of related grammars joined. */
  querySource(name: QueryName): string;
  /** Compiled at its first use, kept until `dispose`. */
  query(name: QueryName): Query;
}

export interface ParseOptions {
  /** Give up after this long; the answer is then null. */
  readonly deadlineMs?: number;
  /** Longer texts are not parsed. */
  readonly maxUnits?: number;
  /** Hears what the parser does, step by step. */
  readonly log?: LogCallback;
}

/**
 * The grammars of one thread, and the only place that makes trees. Synchronous, since WebAssembly is compiled here
 * on first use; one instance serves a thread, and any `GrammarAborted` it throws is the end of it.
 */
export interface Grammars {
  /** Null where the language has no grammar. Throws GrammarAborted where the grammar cannot be loaded. */
  load(language: Language): LoadedGrammar | null;
  /**
   * Parses, hands the tree to `use` and frees it whatever happens. Null without calling `use` where there is no
   * grammar, the text is too long, or the deadline passed.
   */
  withTree<Result>(
    language: Language,
    text: string,
    use: (tree: Tree, grammar: LoadedGrammar) => Result,
    options?: ParseOptions,
  ): Result | null;
  /** A tree that the caller owns and must `delete()`. `old` has to be edited to match `text` already. */
  parse(grammar: LoadedGrammar, text: string, old: Tree | null, options?: ParseOptions): Tree | null;
  /** Frees parser and queries. */
  dispose(): void;
}

/**
 * The WebAssembly module has thrown: its heap cannot be trusted any more, for no grammar of this thread.
 * Whoever catches this ends the thread and starts another.
 */
export class GrammarAborted extends Error {
  override readonly name = 'GrammarAborted';
  readonly grammar: string;

  constructor(grammar: string, cause: unknown) {
    super(`The grammar ${grammar} aborted: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`, {
      cause,
    });
    this.grammar = grammar;
  }
}

const defaultMaxUnits = 1_000_000;
const defaultDeadlineMs = 5_000;

/**
 * Loads the runtime; grammars are loaded when first asked for. One whose file is missing or no module of the right kind
 * is reported once, and its language is then one without grammar.
 */
export async function createGrammars(
  { wasmFolder, queryFolder }: GrammarFolders,
  onUnloadable: (grammar: string, error: unknown) => void = () => {},
): Promise<Grammars> {
  const runtime = await readFile(new URL('web-tree-sitter.wasm', wasmFolder));
  await Parser.init({ wasmBinary: runtime, print: () => {}, printErr: () => {} });
  const parser = new Parser();
  const loaded = new Map<string, LoadedGrammar | null>();
  const queries: Query[] = [];
  let current: Grammar | null = null;
  let aborted: GrammarAborted | null = null;

  /** After one abort nothing is tried any more: a dead module can give wrong answers too. */
  const guard = <Result>(name: string, act: () => Result): Result => {
    if (aborted !== null) throw aborted;
    try {
      return act();
    } catch (error) {
      aborted = error instanceof GrammarAborted ? error : new GrammarAborted(name, error);
      throw aborted;
    }
  };

  const load = (language: Language): LoadedGrammar | null => {
    const name = language.grammar;
    if (name === null) return null;
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const grammar = instantiate(name);
    const result = grammar === null ? null : describe(name, grammar);
    loaded.set(name, result);
    return result;
  };

  const instantiate = (name: string): Grammar | null => {
    let module: WebAssembly.Module;
    try {
      module = new WebAssembly.Module(readFileSync(new URL(`${name}.wasm`, wasmFolder)));
    } catch (error) {
      onUnloadable(name, error);
      return null;
    }
    return guard(name, () => Grammar.loadSync(module));
  };

  const describe = (name: string, grammar: Grammar): LoadedGrammar => {
    const compiled = new Map<QueryName, Query>();
    const querySource = (query: QueryName): string => readQueries(queryFolder, name, query);
    return {
      name,
      grammar,
      querySource,
      query: query => {
        const ready = compiled.get(query) ?? new Query(grammar, querySource(query));
        if (!compiled.has(query)) queries.push(ready);
        compiled.set(query, ready);
        return ready;
      },
    };
  };

  const parse = (grammar: LoadedGrammar, text: string, old: Tree | null, options: ParseOptions = {}): Tree | null =>
    text.length > (options.maxUnits ?? defaultMaxUnits)
      ? null
      : guard(grammar.name, () => {
          if (current !== grammar.grammar) parser.setLanguage(grammar.grammar);
          current = grammar.grammar;
          const deadline = performance.now() + (options.deadlineMs ?? defaultDeadlineMs);
          parser.setLogger(options.log ?? null);
          const tree = parser.parse(text, old, { progressCallback: () => performance.now() > deadline });
          // Else the next text would be taken for the rest of this one.
          if (tree === null) parser.reset();
          return tree;
        });

  return {
    load,
    parse,
    withTree: (language, text, use, options) => {
      const grammar = load(language);
      const tree = grammar === null ? null : parse(grammar, text, null, options);
      if (grammar === null || tree === null) return null;
      try {
        return guardUse(grammar.name, () => use(tree, grammar));
      } finally {
        if (aborted === null) tree.delete();
      }
    },
    dispose: () => {
      if (aborted !== null) return;
      for (const query of queries) query.delete();
      parser.delete();
    },
  };

  /** Only errors of the module itself are aborts here; the caller's own pass through. */
  function guardUse<Result>(name: string, act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      aborted = new GrammarAborted(name, error);
      throw aborted;
    }
  }
}

/** The folders whose queries a grammar answers to; a grammar that extends another takes over its queries. */
const queryFolders: Readonly<Record<string, readonly string[]>> = { tsx: ['typescript', 'tsx'] };

function readQueries(folder: URL, grammar: string, query: QueryName): string {
  return (queryFolders[grammar] ?? [grammar])
    .map((name, at) => readQuery(new URL(`${name}/${query}.scm`, folder), at > 0))
    .join('\n');
}

function readQuery(file: URL, optional: boolean): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (optional) return '';
    throw error;
  }
}
