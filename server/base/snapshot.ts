/** One version of one document, frozen. Everything below the protocol shell works on these. */
export interface DocSnapshot {
  /** As the client wrote it: only for answering, and as a key. */
  readonly uri: string;
  /** Absolute path on disk, or null for a document that is no file. */
  readonly path: string | null;
  /** The client's language id; may be wrong or empty. The registry decides, by id first and by path next. */
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}

/** One change of a document: `text` replaces [start, end), offsets in utf-16 units into the text just before this change. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
