import { Candidates, type Candidate } from './candidates.js';
import type { DocumentStream } from './documentStream.js';
import { featureCount } from './featureNames.js';
import { fillFeatures } from './features.js';
import { Matches } from './matches.js';
import { Progress } from './progress.js';
import { Query } from './query.js';
import type { Ranker } from './ranker.js';
import type { Source } from './source.js';
import type { Vocabulary } from './vocabulary.js';

/** What a prediction is made from: the document first, then every other stream, the nearest first. */
export interface Surroundings {
  readonly document: DocumentStream;
  readonly sources: readonly Source[];
}

const nearlyCertain = 0.9;

/** Predicts one token after the other at a place. All its memory is reused from question to question. */
export class Predictor {
  readonly query = new Query();
  readonly matches: Matches;
  readonly candidates: Candidates;
  readonly progress = new Progress();
  readonly vocabulary: Vocabulary;
  readonly #row: Float32Array = new Float32Array(featureCount);
  #document: DocumentStream | null = null;

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
    this.matches = new Matches(vocabulary);
    this.candidates = new Candidates(vocabulary);
  }

  begin({ document, sources }: Surroundings, text: string, offset: number): void {
    this.#document = document;
    this.query.ask(document, this.vocabulary, text, offset);
    this.matches.find(this.query, sources, document.path);
    this.progress.begin(this.query);
  }

  /** Gathers what may come next into `candidates`. */
  collect(): void {
    if (this.#document === null) return;
    this.candidates.collect(this.query, this.matches, this.#document, this.progress.step === 0);
  }

  /** The feature row of a candidate just collected; the same array each time unless one is given. */
  features(candidate: Candidate, row: Float32Array = this.#row): Float32Array {
    if (this.#document !== null) {
      fillFeatures(row, candidate, this.candidates, this.query, this.progress, this.#document, this.vocabulary);
    }
    return row;
  }

  /** The likeliest of the candidates and its probability, or null where there is none. */
  best(ranker: Ranker): { readonly candidate: Candidate; readonly probability: number } | null {
    const { candidates } = this;
    let best: Candidate | null = null;
    let highest = 0;
    for (let i = 0; i < candidates.count; i++) {
      const candidate = candidates.all[i]!;
      // Names that no match speaks for, behind one that is nearly certain, would only cost time.
      if (highest > nearlyCertain && candidate.weight === 0) break;
      const probability = ranker.probability(this.features(candidate));
      if (best === null || probability > highest) {
        best = candidate;
        highest = probability;
      }
    }
    return best === null ? null : { candidate: best, probability: highest };
  }

  /** Goes on behind a token, whether it was among the candidates or not. */
  advance(id: number): void {
    this.matches.advance(id);
    this.progress.advance(this.query, id, this.vocabulary);
  }
}
