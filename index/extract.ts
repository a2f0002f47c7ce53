import { GrammarAborted, createGrammars, type GrammarFolders } from '../grammars/parse.js';
import { outlineOf, type Definition } from '../grammars/outline.js';
import { languageOf, otherText } from '../grammars/registry.js';
import type { Language } from '../grammars/language.js';
import { lineStartsOf } from '../server/base/position.js';
import { chunksOf } from './chunk.js';
import type { Chunk, CodeSymbol, Reference } from './codeIndex.js';
import { spanOf, symbolsOf } from './symbols.js';

export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** What a file holds, by its syntax where there is a grammar and by its lines where there is none. */
export interface Extraction {
  /** Id of the language in the registry. */
  readonly language: string;
  readonly chunks: readonly Chunk[];
  readonly symbols: readonly CodeSymbol[];
}

/**
 * Synchronous, for a worker's loop. Broken code is the normal case and never throws; texts that are too long, or take
 * too long to parse, are chunked by their lines. Throws `GrammarAborted` when the WebAssembly module of this thread is
 * lost: the thread has to be replaced, and the file to be extracted without its grammar (`plain`).
 */
export interface Extractor {
  extract(source: SourceText): Extraction;
  /** As `extract`, without any grammar: what remains for a file whose grammar aborts. */
  plain(source: SourceText): Extraction;
  /** Uses of names, in the order of the text: calls, types, what is extended. Definitions are not among them. */
  references(source: SourceText): readonly Reference[];
  /** What the file imports, as written, without quotes. */
  imports(source: SourceText): readonly string[];
  dispose(): void;
}

export { GrammarAborted };

export async function createExtractor(folders: GrammarFolders): Promise<Extractor> {
  const grammars = await createGrammars(folders);

  const definitionsOf = (language: Language, text: string): Definition[] =>
    grammars.withTree(language, text, (tree, grammar) => outlineOf(tree, grammar, text)) ?? [];

  return {
    extract: ({ path, text }) => {
      const language = languageFor(path, text);
      return build(language, text, definitionsOf(language, text));
    },
    plain: ({ path, text }) => build(languageFor(path, text), text, []),
    references: ({ path, text }) => {
      const found = grammars.withTree(languageFor(path, text), text, (tree, grammar) => {
        const defined = new Set(outlineOf(tree, grammar, text).map(({ nameStart }) => nameStart));
        const starts = lineStartsOf(text);
        const seen = new Set<number>();
        const references: Reference[] = [];
        for (const { node } of grammar.query('references').captures(tree.rootNode)) {
          const start = node.startIndex;
          if (defined.has(start) || seen.has(start)) continue;
          seen.add(start);
          const end = node.endIndex;
          references.push({ name: text.slice(start, end), span: spanOf(starts, start, end) });
        }
        return references;
      });
      return found ?? [];
    },
    imports: ({ path, text }) => {
      const found = grammars.withTree(languageFor(path, text), text, (tree, grammar) =>
        grammar
          .query('imports')
          .captures(tree.rootNode)
          .filter(({ name }) => name === 'source')
          .map(({ node }) => text.slice(node.startIndex, node.endIndex).replace(/^["'<]|[>"']$/g, '')),
      );
      return found ?? [];
    },
    dispose: () => grammars.dispose(),
  };
}

function build(language: Language, text: string, definitions: readonly Definition[]): Extraction {
  const starts = lineStartsOf(text);
  return {
    language: language.id,
    chunks: chunksOf(text, starts, definitions, language),
    symbols: symbolsOf(text, starts, definitions),
  };
}

function languageFor(path: string, text: string): Language {
  return languageOf(path, '', text.slice(0, 4000)) ?? otherText;
}
