import type { SourceFile } from '../validator.js';

/**
 * A language's own parser. The grammars here follow languages and do not define them: where one finds an error, the parser of
 * the language has the last word.
 */
export interface Reader {
  accepts(file: SourceFile): boolean;
  /** Rejects with the signal's reason, or with a Failure where it cannot tell. */
  isValid(file: SourceFile, signal: AbortSignal): Promise<boolean>;
  dispose(): Promise<void>;
}
