/** One row of the registry: what must be known of a language, with or without a grammar. */
export interface Language {
  /** LSP language identifier, the canonical one. */
  readonly id: string;
  /** Other ids that clients send for it. */
  readonly aliases: readonly string[];
  readonly name: string;
  /** With the dot, lower case. */
  readonly extensions: readonly string[];
  /** Whole file names, such as Dockerfile or Makefile. */
  readonly fileNames: readonly string[];
  /** Words after `#!` and an optional `env`. */
  readonly interpreters: readonly string[];
  /** Base name of the wasm file, or null where there is no grammar. */
  readonly grammar: string | null;
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [open: string, close: string])[];
  readonly strings: readonly StringSyntax[];
  /** Whether blocks are made by indentation alone. */
  readonly blocksByIndentation: boolean;
  /** Prose (Markdown, plain text): completed only where the person asks for it. */
  readonly prose: boolean;
}

export interface StringSyntax {
  readonly open: string;
  readonly close: string;
  /** The character that takes the next one literally, or null (raw strings). */
  readonly escape: string | null;
  readonly multiline: boolean;
  /** What opens an expression inside, and what closes it, such as `${` and `}`; null where nothing does. */
  readonly interpolation: readonly [open: string, close: string] | null;
}
