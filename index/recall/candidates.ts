import type { DocumentStream } from './documentStream.js';
import { maxMatches, type Matches } from './matches.js';
import type { Query } from './query.js';
import { freshnessOf } from './source.js';
import { flagShift, kindOf, newline, opaque } from './tokenKinds.js';
import type { Vocabulary } from './vocabulary.js';

/** Candidates that the ranker sees at a step. */
export const maxCandidates = 8;
const noDistance = -1;

/** What speaks for one next token. Objects are reused from step to step. */
export class Candidate {
  id = 0;
  /** The blanks before it, as the heaviest match has them, and which match that is; -1 where none has it. */
  gap = 0;
  match = -1;
  /** Where in the document that match stands, or -1. */
  offset = -1;
  heaviest = 0;
  weight = 0;
  inDocument = 0;
  inWorkspace = 0;
  renamed = 0;
  deleted = 0;
  agreeing = 0;
  sameIndent = 0;
  sameRegion = 0;
  votes = 0;
  files = 0;
  lastFile = 0;
  longestInDocument = 0;
  longestInWorkspace = 0;
  longestRenamed = 0;
  distance = noDistance;
  freshness: number = freshnessOf.indexed;
  sameFolder = 0;
  sameLanguage = 0;
  agreesAfter = 0;
  scopeRank = 0;
  nGram = 0;

  begin(id: number): void {
    this.id = id;
    this.match = this.offset = -1;
    this.gap = this.heaviest = this.weight = this.inDocument = this.inWorkspace = this.renamed = this.deleted = 0;
    this.agreeing = this.sameIndent = this.sameRegion = this.votes = this.files = this.lastFile = 0;
    this.longestInDocument = this.longestInWorkspace = this.longestRenamed = 0;
    this.distance = noDistance;
    this.freshness = freshnessOf.indexed;
    this.sameFolder = this.sameLanguage = this.agreesAfter = this.scopeRank = 0;
    this.nGram = 1e-4;
  }
}

/** The next tokens that matches and names in scope speak for, at one step. */
export class Candidates {
  count = 0;
  readonly all: Candidate[] = Array.from({ length: maxMatches + 32 }, () => new Candidate());
  /** Sums over all votes, those for what was cut off included. */
  total = 0;
  totalInDocument = 0;
  totalInWorkspace = 0;
  totalRenamed = 0;
  totalAgreeing = 0;
  totalVotes = 0;
  longest = 0;
  top: Candidate | null = null;
  secondWeight = 0;
  /** Votes for what may not be offered: they speak against all the others. */
  #opaqueWeight = 0;
  readonly #vocabulary: Vocabulary;
  readonly #byPrefix = new Int32Array(4);
  readonly #levels = new Float64Array(maxCandidates * levelCount);

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  collect(query: Query, matches: Matches, document: DocumentStream, isFirst: boolean): void {
    this.count = 0;
    this.total = this.totalInDocument = this.totalInWorkspace = this.totalRenamed = this.totalAgreeing = 0;
    this.totalVotes = this.longest = this.#opaqueWeight = 0;
    const typed = isFirst ? query.typed : '';
    const mayEndLine = !isFirst || (typed === '' && query.column > 0);
    for (let i = 0; i < matches.count; i++) {
      const id = matches.token[i]!;
      if (typed !== '' && !this.#vocabulary.startsWith(id, typed)) continue;
      if (id === newline && !mayEndLine) continue;
      this.#vote(query, matches, i, document);
    }
    this.#addNames(query, typed);
    this.#cut();
    this.#rankTop();
    this.#mixNGrams(matches);
  }

  #vote(query: Query, matches: Matches, i: number, document: DocumentStream): void {
    const weight = matches.weight[i]!;
    const agrees = matches.agreesAfter[i]!;
    const effective = matches.effective[i]!;
    this.total += weight;
    this.totalAgreeing += weight * (1 + agrees);
    this.totalVotes++;
    if (effective > this.longest) this.longest = effective;
    const isOwn = matches.source[i] === 0;
    const isRenamed = matches.renaming[i]! >= 0;
    if (isRenamed) this.totalRenamed += weight;
    else if (isOwn) this.totalInDocument += weight;
    else this.totalInWorkspace += weight;
    const id = matches.token[i]!;
    if (id === opaque) {
      this.#opaqueWeight += weight;
      return;
    }
    const candidate = this.#of(id) ?? this.#begin(id);
    candidate.weight += weight;
    candidate.agreeing += weight * (1 + agrees);
    candidate.votes++;
    if (matches.file[i] !== candidate.lastFile || candidate.files === 0) candidate.files++;
    candidate.lastFile = matches.file[i]!;
    if (agrees > candidate.agreesAfter) candidate.agreesAfter = agrees;
    if (isRenamed) {
      candidate.renamed += weight;
      if (effective > candidate.longestRenamed) candidate.longestRenamed = effective;
    } else if (isOwn) {
      candidate.inDocument += weight;
      if (effective > candidate.longestInDocument) candidate.longestInDocument = effective;
    } else {
      candidate.inWorkspace += weight;
      if (effective > candidate.longestInWorkspace) candidate.longestInWorkspace = effective;
    }
    const source = matches.sources[matches.source[i]!]!;
    const next = matches.next[i]!;
    const offset = isOwn ? document.offsetOf(next) : -1;
    // Of equals in the document the last counts, in whatever order edits have left them.
    if (weight > candidate.heaviest || (weight === candidate.heaviest && offset > candidate.offset)) {
      candidate.heaviest = weight;
      candidate.gap = source.gaps[next]!;
      candidate.match = i;
      candidate.offset = offset;
    }
    if (isOwn) {
      const distance = Math.abs(offset - query.offset);
      if (candidate.distance === noDistance || distance < candidate.distance) candidate.distance = distance;
    }
    if (source.freshness < candidate.freshness) candidate.freshness = source.freshness;
    if (source.freshness === freshnessOf.deleted) candidate.deleted += weight;
    if (matches.sameFolder[i] === 1) candidate.sameFolder = 1;
    if (matches.sameLanguage[i] === 1) candidate.sameLanguage = 1;
    if (matches.sameIndent[i] === 1) candidate.sameIndent += weight;
    if (id === newline || source.words[next]! >> flagShift === query.region) candidate.sameRegion += weight;
  }

  #of(id: number): Candidate | null {
    for (let i = 0; i < this.count; i++) if (this.all[i]!.id === id) return this.all[i]!;
    return null;
  }

  #begin(id: number): Candidate {
    const candidate = this.all[this.count++]!;
    candidate.begin(id);
    return candidate;
  }

  /** Names seen lately, and with a half-typed word those of the workspace too. */
  #addNames(query: Query, typed: string): void {
    const kinds = this.#vocabulary.kinds;
    let gap = 0;
    for (let i = 0; i < this.count; i++) {
      if (kinds[this.all[i]!.id] !== kindOf.identifier) continue;
      gap = this.all[i]!.gap;
      break;
    }
    const voted = this.count;
    const limit = typed === '' ? Math.min(5, query.recentCount) : query.recentCount;
    // After the first step the list is that of the typed prefix: as good as any when nothing was typed, else of no use.
    const isUsable = query.typed === '' || typed !== '';
    for (let i = 0; isUsable && i < limit; i++) this.#addName(query.recent[i]!, i + 1, gap);
    if (typed === '' || voted >= maxCandidates) return;
    const found = this.#vocabulary.byPrefix(typed, this.#byPrefix);
    for (let i = 0; i < found; i++) this.#addName(this.#byPrefix[i]!, 20 + i, gap);
  }

  #addName(id: number, rank: number, gap: number): void {
    const known = this.#of(id);
    if (known !== null) {
      if (known.scopeRank === 0) known.scopeRank = rank;
      return;
    }
    if (this.count === this.all.length) return;
    const candidate = this.#begin(id);
    candidate.scopeRank = rank;
    candidate.gap = gap;
  }

  /** The heaviest to the front, as many as may stay. */
  #cut(): void {
    const { all } = this;
    const keep = Math.min(this.count, maxCandidates);
    for (let i = 0; i < keep; i++) {
      let best = i;
      for (let j = i + 1; j < this.count; j++) if (isBefore(all[j]!, all[best]!)) best = j;
      const moved = all[best]!;
      all[best] = all[i]!;
      all[i] = moved;
    }
    this.count = keep;
  }

  #rankTop(): void {
    this.top = this.count > 0 ? this.all[0]! : null;
    this.secondWeight = Math.max(this.count > 1 ? this.all[1]!.weight : 0, this.#opaqueWeight);
  }

  /**
   * Witten-Bell smoothing over the lengths of the matches, those of the workspace below and the document on top:
   * a nested cache model (Hellendoorn and Devanbu 2017) over what has been found already.
   */
  #mixNGrams(matches: Matches): void {
    for (const ownDocument of [0, 1]) {
      const levels = this.#levels.fill(0);
      for (let i = 0; i < matches.count; i++) {
        if (matches.renaming[i]! >= 0 || (matches.source[i] === 0 ? 1 : 0) !== ownDocument) continue;
        const level = levelOf(matches.raw[i]!);
        for (let c = 0; c < this.count; c++) {
          if (this.all[c]!.id !== matches.token[i]) continue;
          levels[c * levelCount + level]!++;
          break;
        }
      }
      // A match of eight tokens is one of seven as well.
      for (let c = 0; c < this.count; c++) {
        for (let level = levelCount - 2; level >= 0; level--) {
          levels[c * levelCount + level]! += levels[c * levelCount + level + 1]!;
        }
      }
      for (let level = 0; level < levelCount; level++) {
        let seen = 0;
        let different = 0;
        for (let c = 0; c < this.count; c++) {
          const count = levels[c * levelCount + level]!;
          seen += count;
          if (count > 0) different++;
        }
        if (seen === 0) break;
        for (let c = 0; c < this.count; c++) {
          const candidate = this.all[c]!;
          candidate.nGram = (levels[c * levelCount + level]! + different * candidate.nGram) / (seen + different);
        }
      }
    }
  }
}

const levelCount = 8;

/** Lengths 1 to 6 on their own, then 8 and 10 and what is longer. */
function levelOf(length: number): number {
  return length >= 10 ? 7 : length >= 8 ? 6 : Math.min(length, 6) - 1;
}

function isBefore(one: Candidate, other: Candidate): boolean {
  if (one.weight !== other.weight) return one.weight > other.weight;
  if (one.scopeRank !== other.scopeRank) return one.scopeRank < other.scopeRank;
  if (one.offset !== other.offset) return one.offset > other.offset;
  return one.id < other.id;
}
