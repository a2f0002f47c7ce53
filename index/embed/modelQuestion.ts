import type { Log } from '../../server/base/log.js';
import { untilAborted } from '../../server/base/untilAborted.js';
import { checkedVectors } from './checkedVectors.js';
import { wordingOf } from './modelWording.js';
import type { TextEmbedder } from './textEmbedder.js';

/** A question as a model reads it. */
export interface QuestionVector {
  readonly embedder: string;
  readonly vector: Float32Array;
}

export interface ModelQuestions {
  /** Null when it is not there in time, or nobody can tell. Rejects with the signal's reason alone. */
  ask(question: string, patienceMs: number, signal: AbortSignal): Promise<QuestionVector | null>;
}

export interface ModelQuestionsOptions {
  /** Who makes vectors; null: nobody. */
  embedder(): TextEmbedder | null;
  /** Whether there are enough of one's vectors to search by. */
  isServing(embedder: string): Promise<boolean>;
  /** Keeps other work from the model until the returned function is called. */
  giveWay(): () => void;
  readonly log: Log;
}

const kept = 50;
const mostUnits = 2000;
/** A model that failed is not waited for again at once. */
const pauseMs = 10_000;

export function createModelQuestions({ embedder, isServing, giveWay, log }: ModelQuestionsOptions): ModelQuestions {
  const known = new Map<string, Float32Array>();
  let notBeforeMs = 0;

  return {
    async ask(question, patienceMs, signal) {
      signal.throwIfAborted();
      const model = embedder();
      if (model === null || patienceMs <= 0 || question.trim() === '') return null;
      if (!(await isServing(model.id))) return null;
      const key = `${model.id}\0${question}`;
      const before = known.get(key);
      if (before !== undefined) return { embedder: model.id, vector: before };
      if (performance.now() < notBeforeMs) return null;
      const vector = await inTime(model, question.slice(0, mostUnits), patienceMs, signal);
      if (vector === null) return null;
      const [oldest] = known.keys();
      if (known.size >= kept && oldest !== undefined) known.delete(oldest);
      known.set(key, vector);
      return { embedder: model.id, vector };
    },
  };

  async function inTime(
    model: TextEmbedder,
    question: string,
    patienceMs: number,
    signal: AbortSignal,
  ): Promise<Float32Array | null> {
    const goOn = giveWay();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const text = wordingOf(model.id).question + question;
    try {
      const answered = await untilAborted(model.embed([{ text, path: null, startLine: 0 }], limit), limit);
      return checkedVectors(answered, 1).vectors[0] ?? null;
    } catch (error) {
      signal.throwIfAborted();
      notBeforeMs = limit.aborted ? 0 : performance.now() + pauseMs;
      log.debug(`A question was not read ${limit.aborted ? 'in time' : 'by its model'}.`);
      return null;
    } finally {
      goOn();
    }
  }
}
