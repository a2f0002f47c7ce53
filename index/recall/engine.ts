import type { DocSnapshot, TextEdit } from '../../server/base/snapshot.js';
import { DeletedText } from './deletedText.js';
import { isWordCode } from './lexer.js';
import { changeDocument, readDocument, rereadDocument, streamAt, type OpenDocument } from './openDocuments.js';
import { Predictor, type Surroundings } from './predictor.js';
import type { Ranker } from './ranker.js';
import type { Recall, RecallStats, Silence, SuggestOptions, Suggestion } from './recall.js';
import type { SegmentData } from './segment.js';
import { freshnessOf, type Source } from './source.js';
import { suggestAt } from './suggest.js';
import { Vocabulary, type VocabularyData } from './vocabulary.js';
import { WorkspaceTokens } from './workspaceTokens.js';

export interface EngineOptions {
  readonly ranker: Ranker;
  readonly maxTokens: number;
  /** Whether the workspace is still to come: then silence means that it is being indexed. */
  readonly isIndexing: boolean;
}

/** What a build hands over. */
export interface Built {
  readonly vocabulary: VocabularyData;
  readonly segment: SegmentData;
  readonly leftOut: number;
}

/** Documents looked at beside the one that is asked about, the last used first. */
const maxOtherDocuments = 32;

/** Recall without threads: documents, the workspace's tokens, and the predictor over both. */
export class Engine implements Recall {
  isIndexing: boolean;
  ranker: Ranker;
  /** Holds from the next build on. */
  maxTokens: number;
  #vocabulary = new Vocabulary();
  #workspace: WorkspaceTokens;
  #deleted: DeletedText;
  #predictor: Predictor;
  /** The last used last. */
  readonly #documents = new Map<string, OpenDocument>();
  /** Documents that are asked about without having been opened: one is kept. */
  #guest: string | null = null;
  /** Documents whose tokens still have the numbers of an earlier vocabulary. */
  readonly #stale = new Set<string>();
  /** Files that `adopt` left, and how each is read; false where there was no room. */
  readonly #toRead = new Map<string, () => boolean>();
  #leftOut = 0;

  constructor({ ranker, maxTokens, isIndexing }: EngineOptions) {
    this.ranker = ranker;
    this.maxTokens = maxTokens;
    this.isIndexing = isIndexing;
    this.#workspace = new WorkspaceTokens(this.#vocabulary, maxTokens, null);
    this.#deleted = new DeletedText(this.#vocabulary);
    this.#predictor = new Predictor(this.#vocabulary);
  }

  open(snapshot: DocSnapshot): void {
    if (this.#guest === snapshot.uri) this.#guest = null;
    this.#add(snapshot);
  }

  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void {
    const document = this.#documents.get(snapshot.uri);
    if (document === undefined) return this.open(snapshot);
    this.#renew(document);
    changeDocument(document, snapshot, edits, this.#deleted);
  }

  close(uri: string): void {
    const document = this.#documents.get(uri);
    if (document === undefined) return;
    this.#documents.delete(uri);
    this.#stale.delete(uri);
    this.#deleted.forget(uri);
    for (const path of document.paths) this.#workspace.show(path);
  }

  suggest(snapshot: DocSnapshot, offset: number, options: SuggestOptions): Suggestion | { readonly silence: Silence } {
    const found = suggestAt(
      this.#predictor,
      this.#surroundings(snapshot, offset),
      this.ranker,
      snapshot,
      offset,
      options,
    );
    return 'silence' in found && found.silence === 'unsure' && this.isIndexing ? { silence: 'indexing' } : found;
  }

  updateFile(path: string, text: string | null): void {
    this.#toRead.delete(path);
    if (!this.#workspace.update(path, text)) this.#leftOut++;
  }

  knows(word: string): boolean {
    if (this.#vocabulary.isInWorkspace(word)) return true;
    for (const { snapshot } of this.#documents.values()) if (holdsWord(snapshot.text, word)) return true;
    return false;
  }

  stats(): RecallStats {
    const documents = [...this.#documents.values()];
    return {
      files: this.#workspace.files,
      tokens: this.#workspace.tokens,
      vocabulary: this.#vocabulary.size,
      bytes:
        this.#workspace.bytes + this.#vocabulary.bytes + documents.reduce((sum, { stream }) => sum + stream.bytes, 0),
      leftOut: this.#leftOut,
    };
  }

  /** Tokens that were read since the last build: many of them are a reason for the next. */
  get changedTokens(): number {
    return this.#workspace.changedTokens;
  }

  /** Paths of the files that were read since the last build. */
  changedPaths(): readonly string[] {
    return this.#workspace.changedFiles().map(({ path }) => path);
  }

  /**
   * Takes over what was built elsewhere. All numbers of tokens change with it. `changed`, the files that came in
   * meanwhile, and files that the build did not know are read again by `catchUpOne`, documents when they are needed.
   */
  adopt({ vocabulary, segment, leftOut }: Built, changed: ReadonlyMap<string, string | null>): void {
    const [oldWorkspace, oldVocabulary] = [this.#workspace, this.#vocabulary];
    this.#vocabulary = new Vocabulary(vocabulary);
    this.#workspace = new WorkspaceTokens(this.#vocabulary, this.maxTokens, segment);
    this.#deleted = new DeletedText(this.#vocabulary);
    this.#predictor = new Predictor(this.#vocabulary);
    this.#leftOut = leftOut;
    this.#toRead.clear();
    for (const { path, copy } of oldWorkspace.changedFiles()) {
      if (changed.has(path) || this.#workspace.has(path)) continue;
      this.#toRead.set(path, () => this.#workspace.adoptTokens(path, copy(oldVocabulary, this.#vocabulary)));
    }
    for (const [path, text] of changed) {
      this.#workspace.update(path, null);
      if (text !== null) this.#toRead.set(path, () => this.#workspace.update(path, text));
    }
    for (const [uri, { paths }] of this.#documents) {
      this.#stale.add(uri);
      for (const path of paths) this.#workspace.hide(path);
    }
  }

  /** Reads again one of what `adopt` left to be read; false when nothing is left. */
  catchUpOne(): boolean {
    for (const uri of this.#stale) {
      const document = this.#documents.get(uri);
      if (document !== undefined) this.#renew(document);
      this.#stale.delete(uri);
      return true;
    }
    for (const [path, readAgain] of this.#toRead) {
      this.#toRead.delete(path);
      if (!readAgain()) this.#leftOut++;
      return true;
    }
    return false;
  }

  /** The predictor, begun at a place: for tracing it step by step. */
  predictorAt(snapshot: DocSnapshot, offset: number): Predictor {
    this.#predictor.begin(this.#surroundings(snapshot, offset), snapshot.text, offset);
    return this.#predictor;
  }

  #add(snapshot: DocSnapshot): OpenDocument {
    this.close(snapshot.uri);
    const document = readDocument(snapshot, this.#vocabulary);
    for (const path of document.paths) this.#workspace.hide(path);
    this.#documents.set(snapshot.uri, document);
    return document;
  }

  #renew(document: OpenDocument): void {
    if (!this.#stale.delete(document.snapshot.uri)) return;
    rereadDocument(document, this.#vocabulary);
  }

  #surroundings(snapshot: DocSnapshot, offset: number): Surroundings {
    const document = this.#documents.get(snapshot.uri) ?? this.#welcome(snapshot);
    this.#renew(document);
    if (document.snapshot !== snapshot) changeDocument(document, snapshot, null, this.#deleted);
    // The last used moves to the end.
    this.#documents.delete(snapshot.uri);
    this.#documents.set(snapshot.uri, document);
    const stream = streamAt(document, offset);
    const others: Source[] = [];
    for (const other of this.#documents.values()) {
      if (other === document || other.isLarge || this.#stale.has(other.snapshot.uri)) continue;
      other.stream.freshness = freshnessOf.changed;
      others.push(other.stream);
    }
    others.reverse();
    if (others.length > maxOtherDocuments) others.length = maxOtherDocuments;
    const deleted = this.#deleted.segment;
    const sources: Source[] = [stream, ...(deleted === null ? [] : [deleted]), ...others, ...this.#workspace.segments];
    return { document: stream, sources };
  }

  /** A document that nobody opened is read for this question, and kept until another such one comes. */
  #welcome(snapshot: DocSnapshot): OpenDocument {
    if (this.#guest !== null) this.close(this.#guest);
    this.#guest = snapshot.uri;
    return this.#add(snapshot);
  }
}

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const isWhole = !isWordCode(text.charCodeAt(at - 1)) && !isWordCode(text.charCodeAt(at + word.length));
    if (isWhole) return true;
  }
  return false;
}
