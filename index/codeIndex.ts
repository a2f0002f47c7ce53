/** A zero-based half-open span of lines and utf-16 columns, as LSP counts. */
export interface Span {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type SymbolKind =
  | 'class'
  | 'interface'
  | 'enum'
  | 'struct'
  | 'trait'
  | 'type'
  | 'module'
  | 'namespace'
  | 'function'
  | 'method'
  | 'constructor'
  | 'field'
  | 'constant'
  | 'variable'
  | 'macro'
  | 'property';

/** A piece of a file cut along its syntax. Every character of a file belongs to at least one chunk. */
export interface Chunk {
  readonly span: Span;
  /** What it mainly holds; `text` for a file without grammar and for what lies between definitions. */
  readonly kind: SymbolKind | 'text';
  /** Name of that definition, or the empty string. */
  readonly name: string;
  /** Signatures of the enclosing scopes, outermost first, joined by newlines. */
  readonly signatures: string;
  readonly text: string;
}

export interface CodeSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly span: Span;
  /** Span of the name alone. */
  readonly nameSpan: Span;
  /** First line or lines of the definition, up to its body, white space folded, at most 300 units. */
  readonly signature: string;
  /** Names of the enclosing definitions, outermost first, joined by `.`. */
  readonly container: string;
}

export interface Reference {
  readonly name: string;
  readonly span: Span;
}

export interface SearchHit {
  /** Relative to the workspace folder, `/` as separator. */
  readonly path: string;
  readonly folder: string;
  readonly span: Span;
  readonly kind: SymbolKind | 'text';
  readonly name: string;
  /** Reciprocal rank fusion, k = 60 (Cormack et al. 2009): comparable only within one answer. */
  readonly score: number;
  readonly text: string;
  readonly from: 'store' | 'overlay';
}

export type SkipReason =
  'excluded' | 'ignored' | 'binary' | 'generated' | 'minified' | 'too-large' | 'unreadable' | 'outside' | 'not-text';

export interface IndexStatus {
  readonly state: 'idle' | 'scanning' | 'indexing' | 'ready' | 'degraded' | 'closed';
  /** Why it is degraded, in a sentence with what to do; null otherwise. */
  readonly message: string | null;
  readonly files: number;
  readonly indexed: number;
  readonly pending: number;
  readonly chunks: number;
  readonly symbols: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Absent where no model makes vectors. */
  readonly vectors?: VectorsStatus;
}

/** How far a model is with the vectors of all chunks; search goes by those that there are. */
export interface VectorsStatus {
  /** Backend and model. */
  readonly model: string;
  readonly done: number;
  /** Chunks of the store; those of files with the same content count once. */
  readonly all: number;
  /** What keeps it from going on, with what to do; the empty string otherwise. */
  readonly why: string;
}

export interface SearchOptions {
  readonly limit: number;
  /**
   * The query is what a person asks, and a model that made vectors may read it: so long it is waited for. Absent: nobody
   * is asked.
   */
  readonly patienceMs?: number;
  /** Which rankings take part; all three when absent. */
  readonly sources?: readonly ('text' | 'vector' | 'symbol')[];
}

/** One workspace folder's index. Plain data in and out: the caller cannot tell where it lives. */
export interface CodeIndex {
  /** Scans, indexes what changed, starts watching. Resolves when the first pass is done; `onProgress` is called at most ten times a second. */
  start(onProgress: (status: IndexStatus) => void, signal: AbortSignal): Promise<void>;
  search(query: string, options: SearchOptions, signal: AbortSignal): Promise<readonly SearchHit[]>;
  /**
   * Of one name; or of many at little more than the price of one, without those that are defined in a great many places,
   * as `get` may be.
   */
  definitions(
    names: string | readonly string[],
    signal: AbortSignal,
  ): Promise<readonly (CodeSymbol & { readonly path: string })[]>;
  references(name: string, signal: AbortSignal): Promise<readonly (Reference & { readonly path: string })[]>;
  /** A file was saved, created or removed, said by the editor; the watcher says the same on its own. */
  fileChanged(path: string): void;
  /** Whether a file may be indexed, completed and shown: null, or why not. Answers without the disk for files it knows. */
  exclusion(path: string): SkipReason | null;
  status(): IndexStatus;
  close(): Promise<void>;
}

/** Turns texts into vectors. The one that is always there hashes sub-tokens; a model may replace it later. */
export interface Embedder {
  readonly id: string;
  readonly dimensions: number;
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}
