import { abstractChain, orders, type Chains } from './chains.js';
import { gapColumns } from './gaps.js';
import type { Query } from './query.js';
import { folderHash, extensionHash, type Source } from './source.js';
import { endOfFile, idMask, kindOf, newline } from './tokenKinds.js';
import type { Vocabulary } from './vocabulary.js';

/** Matches followed at a time; more add nothing but time. */
export const maxMatches = 192;
/** A match is not measured further back than this. */
const maxLength = 40;
const maxPairs = 24;
const maxRenamings = 48;
const noRenaming = -1;

/** Votes of a match by its effective length. */
const votesOfLength = Float64Array.from({ length: 49 }, (_, half) => 1.35 ** (half / 2));
const longestCounted = 24;

/** Names of a match that stand for other names here: a bijection, as pairs. */
interface Renaming {
  readonly from: Int32Array;
  readonly to: Int32Array;
  count: number;
}

/** Limits of one look-up. */
interface Reach {
  readonly firstChain: number;
  readonly wanted: number;
  readonly walk: number;
  /** Shorter keys are tried only while fewer than this are found. */
  readonly enough: number;
}

/**
 * Places in the sources where the same tokens stand as left of the cursor, each pointing at its next token.
 * Fields are arrays side by side: a question follows a hundred of these and must not leave garbage behind.
 */
export class Matches {
  count = 0;
  readonly source = new Uint8Array(maxMatches);
  readonly position = new Int32Array(maxMatches);
  readonly next = new Int32Array(maxMatches);
  /** The next token's id, renamed. */
  readonly token = new Int32Array(maxMatches);
  /** Tokens that agree, as far as they count: renamed ones count less. */
  readonly effective = new Float32Array(maxMatches);
  readonly raw = new Uint16Array(maxMatches);
  readonly renaming = new Int8Array(maxMatches);
  readonly weight = new Float64Array(maxMatches);
  readonly file = new Int32Array(maxMatches);
  readonly sameFolder = new Uint8Array(maxMatches);
  readonly sameLanguage = new Uint8Array(maxMatches);
  /** How many tokens of the line after agree with those after the cursor, up to 4. */
  readonly agreesAfter = new Uint8Array(maxMatches);
  readonly sameIndent = new Uint8Array(maxMatches);
  sources: readonly Source[] = [];
  readonly #vocabulary: Vocabulary;
  readonly #renamings: Renaming[] = Array.from({ length: maxRenamings }, () => ({
    from: new Int32Array(maxPairs),
    to: new Int32Array(maxPairs),
    count: 0,
  }));
  #renamingCount = 0;
  readonly #seen = new PositionSet(1024);
  #folder = 0;
  #extension = 0;
  #query: Query | null = null;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /** Looks up the place anew. The first source is the document itself. */
  find(query: Query, sources: readonly Source[], path: string | null): void {
    this.#query = query;
    this.sources = sources;
    this.#folder = folderHash(path);
    this.#extension = extensionHash(path);
    this.count = 0;
    this.#renamingCount = 0;
    this.#seen.clear();
    if (query.length === 0) return;
    for (let i = 0; i < sources.length; i++) {
      // One walk serves all sources of the workspace: those after the document share what is wanted.
      const wanted = i === 0 ? 48 : 112 - this.count;
      this.#lookUp(i, { firstChain: 0, wanted: Math.min(wanted, 64), walk: 400, enough: 8 });
    }
    let longest = 0;
    for (let i = 0; i < this.count; i++) longest = Math.max(longest, this.effective[i]!);
    if (this.count >= 4 && longest >= 6) return;
    for (let i = 0; i < sources.length; i++) this.#lookUpRenamed(i, i === 0 ? 16 : 24, 200);
  }

  /** Moves on over `token`: matches that expected something else end. Looks for new ones when few are left. */
  advance(token: number): void {
    const query = this.#query;
    if (query === null) return;
    query.push(token);
    let kept = 0;
    let literal = 0;
    for (let i = 0; i < this.count; i++) {
      if (this.token[i] !== token) continue;
      this.#move(i, kept);
      if (!this.#step(kept)) continue;
      if (this.renaming[kept] === noRenaming) literal++;
      kept++;
    }
    this.count = kept;
    if (literal >= 6) return;
    this.#seen.clear();
    for (let i = 0; i < kept; i++) this.#seen.add(this.source[i]!, this.position[i]!);
    for (let i = 0; i < this.sources.length; i++) {
      this.#lookUp(i, { firstChain: 1, wanted: 6, walk: 100, enough: 4 });
    }
  }

  #lookUp(sourceIndex: number, { firstChain, wanted, walk, enough }: Reach): void {
    if (this.count === maxMatches) return;
    const query = this.#query!;
    const source = this.sources[sourceIndex]!;
    const { chains, words } = source;
    chains.hash(query.context, query.length - 1, query.length, this.#vocabulary.kinds);
    let got = 0;
    for (let chain = firstChain; chain < abstractChain && got < enough; chain++) {
      const order = orders[chain]!;
      const slot = chains.slots[chain]!;
      if (slot < 0) continue;
      // Single tokens match everywhere: a few of these do.
      const limit = order === 1 ? Math.min(wanted, got + 16) : wanted;
      const previous = chains.previous[chain]!;
      let position = chains.heads[chain]![slot]! - 1;
      for (
        let walked = 0;
        position >= 0 && walked < walk && got < limit;
        walked++, position = previous[position]! - 1
      ) {
        if ((words[position]! & idMask) !== query.context[query.length - 1]) continue;
        if (!this.#isVisible(sourceIndex, position) || this.#seen.has(sourceIndex, position)) continue;
        const length = this.#measure(source, position);
        if (length < order) continue;
        this.#seen.add(sourceIndex, position);
        if (this.#push(sourceIndex, position, length, length, noRenaming)) got++;
        if (this.count === maxMatches) return;
      }
    }
  }

  /** Nothing is learnt from what has been replaced, nor from the cursor's own line right of the cursor. */
  #isVisible(sourceIndex: number, position: number): boolean {
    const { hiddenFrom, hiddenTo } = this.#query!;
    if (sourceIndex === 0 && position >= hiddenFrom && position < hiddenTo) return false;
    return this.sources[sourceIndex]!.isAlive(position);
  }

  #measure(source: Source, position: number): number {
    const query = this.#query!;
    const { words } = source;
    const limit = Math.min(query.length, maxLength);
    let length = 0;
    for (let at = position; length < limit && at >= 0; at = source.previous(at)) {
      if ((words[at]! & idMask) !== query.context[query.length - 1 - length]) break;
      length++;
    }
    return length;
  }

  #lookUpRenamed(sourceIndex: number, wanted: number, walk: number): void {
    const query = this.#query!;
    const source = this.sources[sourceIndex]!;
    const chains: Chains = source.chains;
    chains.hash(query.context, query.length - 1, query.length, this.#vocabulary.kinds);
    const slot = chains.slots[abstractChain]!;
    if (slot < 0) return;
    const previous = chains.previous[abstractChain]!;
    let got = 0;
    let position = chains.heads[abstractChain]![slot]! - 1;
    for (let walked = 0; position >= 0 && walked < walk && got < wanted; walked++, position = previous[position]! - 1) {
      if (this.#renamingCount === maxRenamings || this.count === maxMatches) return;
      // Found literally or not: what stands there may mean something else by the names of this place.
      if (!this.#isVisible(sourceIndex, position)) continue;
      const renaming = this.#renamings[this.#renamingCount]!;
      const length = this.#measureRenamed(source, position, renaming);
      if (length < orders[abstractChain]) continue;
      let renamed = 0;
      for (let i = 0; i < renaming.count; i++) if (renaming.from[i] !== renaming.to[i]) renamed++;
      if (renamed === 0) continue;
      const effective = Math.max(1, length / 2 - renamed);
      if (this.#push(sourceIndex, position, length, effective, this.#renamingCount)) {
        this.#renamingCount++;
        got++;
      }
    }
  }

  /** How far back the tokens agree when names and numbers may stand for others, each always for the same. */
  #measureRenamed(source: Source, position: number, renaming: Renaming): number {
    const query = this.#query!;
    const kinds = this.#vocabulary.kinds;
    const limit = Math.min(query.length, maxLength);
    renaming.count = 0;
    let length = 0;
    for (let at = position; length < limit && at >= 0; at = source.previous(at), length++) {
      const theirs = source.words[at]! & idMask;
      const ours = query.context[query.length - 1 - length]!;
      const kind = kinds[theirs]!;
      if (kind !== kindOf.identifier && kind !== kindOf.number) {
        if (theirs !== ours) break;
        continue;
      }
      if (kinds[ours] !== kind) break;
      let pair = 0;
      while (pair < renaming.count && renaming.from[pair] !== theirs && renaming.to[pair] !== ours) pair++;
      if (pair < renaming.count) {
        if (renaming.from[pair] !== theirs || renaming.to[pair] !== ours) break;
        continue;
      }
      if (pair === maxPairs) break;
      renaming.from[pair] = theirs;
      renaming.to[pair] = ours;
      renaming.count++;
    }
    return length;
  }

  #push(sourceIndex: number, position: number, raw: number, effective: number, renaming: number): boolean {
    const i = this.count;
    const source = this.sources[sourceIndex]!;
    this.source[i] = sourceIndex;
    this.position[i] = position;
    this.raw[i] = raw;
    this.effective[i] = effective;
    this.renaming[i] = renaming;
    if (!this.#look(i)) return false;
    const file = source.fileAt(position);
    this.file[i] = file * 64 + sourceIndex;
    this.sameFolder[i] = sourceIndex === 0 || source.folderOf(file) === this.#folder ? 1 : 0;
    this.sameLanguage[i] = sourceIndex === 0 || source.extensionOf(file) === this.#extension ? 1 : 0;
    this.#readLine(i, source);
    this.#weigh(i);
    this.count++;
    return true;
  }

  /** Sets what comes next; false where nothing does, or nothing that may be seen. */
  #look(i: number): boolean {
    const query = this.#query!;
    const sourceIndex = this.source[i]!;
    const source = this.sources[sourceIndex]!;
    const position = this.position[i]!;
    if (sourceIndex === 0 && position === query.contextEnd) return false;
    const next = source.next(position);
    if (next < 0 || (sourceIndex === 0 && next >= query.hiddenFrom && next < query.hiddenTo)) return false;
    this.next[i] = next;
    const id = source.words[next]! & idMask;
    this.token[i] = this.renaming[i] === noRenaming ? id : this.#renamed(this.renaming[i]!, id);
    return id !== endOfFile;
  }

  #renamed(renaming: number, id: number): number {
    const { from, to, count } = this.#renamings[renaming]!;
    for (let i = 0; i < count; i++) if (from[i] === id) return to[i]!;
    return id;
  }

  /** How the source's own line goes on after its end, and how it is indented, against the cursor's. */
  #readLine(i: number, source: Source): void {
    const query = this.#query!;
    const { words } = source;
    let at = this.next[i]!;
    for (let walked = 0; at >= 0 && (words[at]! & idMask) !== newline && walked < 60; walked++) at = source.next(at);
    let agrees = 0;
    if (at >= 0) at = source.next(at);
    while (at >= 0 && agrees < 4 && agrees < query.afterCount && (words[at]! & idMask) === query.after[agrees]) {
      const isHidden = this.source[i] === 0 && at >= query.hiddenFrom && at < query.hiddenTo;
      if (isHidden) break;
      agrees++;
      at = source.next(at);
    }
    this.agreesAfter[i] = agrees;
    let first = this.next[i]!;
    for (let walked = 0; walked < 40; walked++) {
      const before = source.previous(first);
      if (before < 0 || (words[before]! & idMask) === newline) break;
      first = before;
    }
    this.sameIndent[i] = gapColumns(source.gaps[first]!) === query.indentColumns ? 1 : 0;
  }

  #weigh(i: number): void {
    const half = Math.min(longestCounted, this.effective[i]!) * 2;
    const locality = this.source[i] === 0 ? 2 : this.sameFolder[i] === 1 ? 1.4 : 1;
    this.weight[i] = votesOfLength[half | 0]! * locality;
  }

  #step(i: number): boolean {
    this.position[i] = this.next[i]!;
    this.raw[i]!++;
    if (this.effective[i]! < longestCounted) this.effective[i]! += this.renaming[i] === noRenaming ? 1 : 0.5;
    this.#weigh(i);
    return this.#look(i);
  }

  #move(from: number, to: number): void {
    if (from === to) return;
    this.source[to] = this.source[from]!;
    this.position[to] = this.position[from]!;
    this.next[to] = this.next[from]!;
    this.token[to] = this.token[from]!;
    this.effective[to] = this.effective[from]!;
    this.raw[to] = this.raw[from]!;
    this.renaming[to] = this.renaming[from]!;
    this.weight[to] = this.weight[from]!;
    this.file[to] = this.file[from]!;
    this.sameFolder[to] = this.sameFolder[from]!;
    this.sameLanguage[to] = this.sameLanguage[from]!;
    this.agreesAfter[to] = this.agreesAfter[from]!;
    this.sameIndent[to] = this.sameIndent[from]!;
  }
}

/** Which places have been seen: a small hash set that is emptied at no cost. */
class PositionSet {
  readonly #positions: Int32Array;
  readonly #sources: Uint8Array;
  readonly #stamps: Int32Array;
  readonly #mask: number;
  #stamp = 1;

  constructor(size: number) {
    this.#positions = new Int32Array(size);
    this.#sources = new Uint8Array(size);
    this.#stamps = new Int32Array(size);
    this.#mask = size - 1;
  }

  clear(): void {
    this.#stamp++;
  }

  has(source: number, position: number): boolean {
    const slot = this.#slot(source, position);
    return this.#stamps[slot] === this.#stamp;
  }

  /** Never called for more than a fraction of the size between two clears. */
  add(source: number, position: number): void {
    const slot = this.#slot(source, position);
    this.#positions[slot] = position;
    this.#sources[slot] = source;
    this.#stamps[slot] = this.#stamp;
  }

  #slot(source: number, position: number): number {
    let slot = ((Math.imul(position, 0x9e3779b1) >>> 8) + source * 7) & this.#mask;
    while (
      this.#stamps[slot] === this.#stamp &&
      (this.#positions[slot] !== position || this.#sources[slot] !== source)
    ) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }
}
