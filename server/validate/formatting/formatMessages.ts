/** What is asked of the thread, besides the `id` that tells the answer. */
export type FormatRequest =
  | {
      readonly type: 'prettier';
      readonly text: string;
      /** One of prettier's own. */
      readonly parser: string;
      readonly path: string;
      readonly options: PrettierOptions;
    }
  | { readonly type: 'go'; readonly text: string }
  /** `style`: the text of a .clang-format; `name`: a file's name, for the language. */
  | { readonly type: 'clang'; readonly text: string; readonly name: string; readonly style: string };

export type FormatReply =
  /** Null where the text is not of the language. */
  | { readonly id: number; readonly type: 'formatted'; readonly text: string | null }
  | { readonly id: number; readonly type: 'failed'; readonly message: string };

/** Those of prettier that are data. */
export type PrettierOptions = Readonly<Record<string, string | number | boolean>>;
