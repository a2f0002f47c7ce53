import type { DocSnapshot } from '../../server/base/snapshot.js';
import { buildTokens } from './buildTokens.js';
import { noDelimiters } from './delimiters.js';
import { Engine } from './engine.js';
import { lex } from './lexer.js';
import { createRanker, type Ranker, type Weights } from './ranker.js';
import type { Recall } from './recall.js';
import { TokenBuffer } from './tokenBuffer.js';
import { idMask } from './tokenKinds.js';
import type { EmitCandidate, TraceResult } from './trace.js';

export interface InProcessOptions {
  /** Parsed weights, or a ranker of one's own, such as `voteRanker`. */
  readonly ranker: Weights | Ranker;
  readonly maxTokens?: number;
  /** The workspace as it is at first, by absolute path: built in one piece, as at the start of a server. */
  readonly files?: ReadonlyMap<string, string>;
}

export interface RecallInProcess extends Recall {
  /** See `traceSteps`. */
  trace(snapshot: DocSnapshot, offset: number, truth: string, row: Float32Array, emit: EmitCandidate): TraceResult;
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
    stats: () => engine.stats(),
    trace: (snapshot, offset, truth, row, emit) => trace(engine, snapshot, offset, truth, row, emit),
  };
}

function trace(
  engine: Engine,
  snapshot: DocSnapshot,
  offset: number,
  truth: string,
  row: Float32Array,
  emit: EmitCandidate,
): TraceResult {
  const predictor = engine.predictorAt(snapshot, offset);
  const { query, vocabulary, candidates } = predictor;
  const tokens = new TokenBuffer();
  const whole = query.typed + truth;
  lex(whole, 0, whole.length, 0, noDelimiters, vocabulary, tokens);
  let reached = 0;
  let steps = 0;
  for (let i = 0; i < tokens.length && query.length < query.context.length; i++) {
    const id = tokens.words[i]! & idMask;
    predictor.collect();
    let isAmong = false;
    for (let c = 0; c < candidates.count; c++) {
      const candidate = candidates.all[c]!;
      isAmong ||= candidate.id === id;
      emit(predictor.features(candidate, row), candidate.id === id, steps);
    }
    if (isAmong) reached++;
    steps++;
    predictor.advance(id);
  }
  return { steps, reached };
}
