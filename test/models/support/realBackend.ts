import { createBackend } from '../../../server/model/backends/createBackend.js';
import type { Backend, BackendKind, Generation, GenerationEnd } from '../../../server/model/backend.js';

export interface RealBackendOptions {
  readonly model?: string;
  readonly fim?: string;
}

/** One of ours, set up as settings would for a server of this machine. */
export function backendFor(kind: BackendKind, url: string, { model, fim }: RealBackendOptions = {}): Backend {
  const key = (): Promise<null> => Promise.resolve(null);
  return createBackend({ name: 'real', kind, url, model: model ?? null, key, fim: fim ?? null, headers: {} });
}

export const sampling = { temperature: 0.1, topP: 0.95, maxTokens: 120 } as const;

export interface Read {
  readonly text: string;
  readonly chunks: number;
  readonly end: GenerationEnd;
}

/** A generation to its end. */
export async function readAll(generation: Generation): Promise<Read> {
  let text = '';
  let chunks = 0;
  for (;;) {
    const next = await generation.next();
    if (next.done === true) return { text, chunks, end: next.value };
    text += next.value;
    chunks++;
  }
}

export function never(): AbortSignal {
  return new AbortController().signal;
}
