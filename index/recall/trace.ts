import type { DocSnapshot } from '../../server/base/snapshot.js';
import type { RecallInProcess } from './createRecallInProcess.js';
import { noDelimiters } from './delimiters.js';
import { featureCount } from './featureNames.js';
import { codeState, lex } from './lexer.js';
import { TokenBuffer } from './tokenBuffer.js';
import { idMask } from './tokenKinds.js';

/** Called once per candidate. `features` is reused: copy it to keep it. `group` numbers the steps of one call from 0. */
export type EmitCandidate = (features: Float32Array, isTruth: boolean, group: number) => void;

export interface TraceResult {
  /** Tokens of the true continuation that were asked for. */
  readonly steps: number;
  /** Of these, how many were among the candidates. */
  readonly reached: number;
}

/**
 * Teacher forcing, for learning the weights: walks along the true continuation and emits the feature row of every
 * candidate at every step, whatever the ranker thinks.
 *
 * `snapshot` is the document without the truth (text up to the cursor, then what stands after it);
 * `truth` is what really comes at `offset`, up to and with the end of its line: "oo(bar);\n" behind a half-typed "f".
 * At a line start put `offset` behind the indentation, where an editor puts the cursor, and leave it out of `truth`;
 * rows for a cursor in column 0 are learnt by leaving it in. A blank at the head of `truth` belongs to the first token.
 */
export function traceSteps(
  recall: RecallInProcess,
  snapshot: DocSnapshot,
  offset: number,
  truth: string,
  emit: EmitCandidate,
): TraceResult {
  const predictor = recall.predictorAt(snapshot, offset);
  const { query, vocabulary, candidates } = predictor;
  const row = new Float32Array(featureCount);
  const tokens = new TokenBuffer();
  const whole = query.typed + truth;
  lex(whole, 0, whole.length, codeState, noDelimiters, vocabulary, tokens);
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
