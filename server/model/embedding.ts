import { ModelFailure } from './backend.js';
import type { Candidate, Walk } from './chain.js';
import type { ModelEmbedder } from './models.js';
import { fileOf } from './outgoing.js';
import type { Task } from './prompt.js';
import type { Redactor } from './redactor.js';
import type { Job, Sender } from './sending.js';

export interface EmbeddingParts {
  readonly walk: () => Walk;
  readonly isAllowed: (path: string) => boolean;
  readonly redactor: Redactor;
  readonly jobOf: (
    candidate: Candidate,
    task: Task,
    paths: readonly (string | null)[],
    preview: () => string,
  ) => Pick<Job, 'task' | 'candidate' | 'isCold' | 'isLogged' | 'price' | 'key' | 'allowed'>;
  readonly sender: Sender;
}

/** Vectors of a model that the person named for it. */
export function createEmbedder({ walk, isAllowed, redactor, jobOf, sender }: EmbeddingParts): {
  embedder(): ModelEmbedder | null;
} {
  /** By backend and model: learnt from the first answer. */
  const dimensions = new Map<string, number>();
  return {
    embedder() {
      const candidate = walk().usable[0];
      if (candidate === undefined) return null;
      const id = `${candidate.known.name}/${candidate.model.name}`;
      return {
        id,
        contextTokens: candidate.model.contextTokens,
        get dimensions() {
          return dimensions.get(id) ?? null;
        },
        embed: (texts, signal) => embed(candidate, id, texts, signal),
      };
    },
  };

  async function embed(
    candidate: Candidate,
    id: string,
    texts: Parameters<ModelEmbedder['embed']>[0],
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    const going = texts.filter(({ path }) => path === null || isAllowed(path));
    const vectors = going.length === 0 ? [] : await ask(candidate, going, signal);
    const length = vectors[0]?.length;
    if (length !== undefined) dimensions.set(id, length);
    // What is excluded is like nothing.
    const nothing = new Float32Array(dimensions.get(id) ?? 0);
    const byText = new Map(going.map((one, index) => [one, vectors[index]]));
    return texts.map(one => byText.get(one) ?? nothing);
  }

  async function ask(
    candidate: Candidate,
    going: Parameters<ModelEmbedder['embed']>[0],
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    // Vectors tell of their text, and are kept: secrets are masked whatever the settings say.
    const { value, redactions } = await redactor.texts(going.map(({ text }) => text));
    signal.throwIfAborted();
    const paths = going.map(({ path }) => path);
    const text = value.join('\n');
    const job: Job = {
      ...jobOf(candidate, 'embed', paths, () => text),
      // A question without a file is one that somebody waits for.
      urgency: paths.every(path => path === null) ? 'chat' : 'background',
      files: going.map(one => fileOf({ ...one, label: one.path ?? 'untitled' })),
      redactions,
      text,
      maxTokens: 0,
    };
    const run = (running: AbortSignal): Promise<readonly Float32Array[]> =>
      candidate.known.backend.embed(candidate.model, value, running);
    const vectors = await sender.whole(job, run, signal);
    if (vectors.length === value.length) return vectors;
    throw new ModelFailure(
      'bad-answer',
      `${candidate.known.name} answered with ${vectors.length} vectors for ${value.length} texts.`,
    );
  }
}
