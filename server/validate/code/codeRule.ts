import type { Tree } from '../../../grammars/tree.js';
import type { Language } from '../../../grammars/language.js';
import type { LoadedGrammar } from '../../../grammars/parse.js';
import type { Finding, SourceFile } from '../validator.js';

/** A file and its tree, which is freed afterwards. */
export interface ParsedFile {
  readonly file: SourceFile;
  readonly language: Language;
  readonly grammar: LoadedGrammar;
  readonly tree: Tree;
}

/** Says what is wrong with a file by its syntax tree. Synchronous, in the thread that parses. */
export type CodeRule = (parsed: ParsedFile) => readonly Finding[];
