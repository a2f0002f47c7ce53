import type { EmbeddedText, TextEmbedder } from '../../../index/embed/textEmbedder.js';

export interface ScriptedEmbedder extends TextEmbedder {
  /** What it was asked, request by request; the key of the program among it. */
  readonly requests: (readonly EmbeddedText[])[];
  /** All texts of files that it was ever asked about. */
  texts(): readonly string[];
}

export type Answer = (
  texts: readonly EmbeddedText[],
  signal: AbortSignal,
) => readonly Float32Array[] | Promise<readonly Float32Array[]>;

/** A model by script: it knows a few words that mean the same, and puts all else on axes of their own. */
export function createScriptedEmbedder(id = 'test/meanings', answer: Answer = answerByMeaning): ScriptedEmbedder {
  const requests: (readonly EmbeddedText[])[] = [];
  return {
    id,
    requests,
    texts: () => requests.flat().flatMap(({ path, text }) => (path === null ? [] : text)),
    async embed(texts, signal) {
      signal.throwIfAborted();
      requests.push(texts);
      return answer(texts, signal);
    },
  };
}

export function answerByMeaning(texts: readonly EmbeddedText[]): Float32Array[] {
  return texts.map(({ text }) => meaningOf(text));
}

const meanings = [
  ['discard', 'evict', 'stale', 'oldest', 'forget', 'expired'],
  ['greet', 'hello', 'welcome', 'person'],
  ['sum', 'add', 'total', 'plus'],
];
const axes = 16;

export function meaningOf(text: string): Float32Array {
  const vector = new Float32Array(axes);
  for (const [word] of text.toLowerCase().matchAll(/[a-z]+/g)) {
    const meaning = meanings.findIndex(words => words.some(known => word.includes(known)));
    const axis = meaning < 0 ? meanings.length + (word.length % (axes - meanings.length)) : meaning;
    vector[axis] = (vector[axis] ?? 0) + (meaning < 0 ? 0.1 : 1);
  }
  return vector;
}
