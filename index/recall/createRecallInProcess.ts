import type { DocSnapshot } from '../../server/base/snapshot.js';
import { buildTokens } from './buildTokens.js';
import { Engine } from './engine.js';
import type { Predictor } from './predictor.js';
import { createRanker, type Ranker, type Weights } from './ranker.js';
import type { Recall } from './recall.js';

export interface InProcessOptions {
  /** Parsed weights, or a ranker of one's own, such as `voteRanker`. */
  readonly ranker: Weights | Ranker;
  readonly maxTokens?: number;
  /** The workspace as it is at first, by absolute path: built in one piece, as at the start of a server. */
  readonly files?: ReadonlyMap<string, string>;
}

export interface RecallInProcess extends Recall {
  /** The predictor, begun at a place: to follow it step by step, as `traceSteps` does. Valid until the next question. */
  predictorAt(snapshot: DocSnapshot, offset: number): Predictor;
}

/** Recall without threads and without a cache: for tests, for learning the weights, for measuring. */
export function createRecallInProcess({ ranker, maxTokens = 20_000_000, files }: InProcessOptions): RecallInProcess {
  const engine = new Engine({
    ranker: 'probability' in ranker ? ranker : createRanker(ranker),
    maxTokens,
    isIndexing: false,
  });
  if (files !== undefined) {
    const listed = [...files].map(([path, { length }]) => ({ path, size: length, mtimeMs: 0 }));
    engine.adopt(
      buildTokens(listed, maxTokens, null, ({ path }) => files.get(path) ?? null),
      new Map(),
    );
  }
  return {
    open: snapshot => engine.open(snapshot),
    change: (snapshot, edits) => engine.change(snapshot, edits),
    close: uri => engine.close(uri),
    suggest: (snapshot, offset, options) => engine.suggest(snapshot, offset, options),
    updateFile: (path, text) => engine.updateFile(path, text),
    knows: word => engine.knows(word),
    stats: () => engine.stats(),
    predictorAt: (snapshot, offset) => engine.predictorAt(snapshot, offset),
  };
}
