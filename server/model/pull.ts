import { ModelFailure } from './backend.js';
import { createTransport } from './transport.js';

export interface PullProgress {
  readonly what: string;
  /** From 0 to 1, or null while it is not known. */
  readonly share: number | null;
}

const patientMs = 10 * 60_000;

/** Has an Ollama of this machine fetch a model. Rejects with ModelFailure. */
export async function pullIntoOllama(
  url: string,
  model: string,
  show: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { Ollama } = await import('ollama');
  // It is silent while it checks gigabytes.
  const timeouts = { headersMs: patientMs, idleMs: patientMs };
  const transport = createTransport({ origin: url, headers: {}, key: () => Promise.resolve(null), timeouts });
  try {
    const fetchWithSignal: typeof fetch = (input, init) => transport.fetch(input, { ...init, signal });
    const client = new Ollama({ host: transport.origin, fetch: fetchWithSignal });
    for await (const { status, total, completed } of await client.pull({ model, stream: true })) {
      signal.throwIfAborted();
      show({ what: status, share: total > 0 ? completed / total : null });
    }
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ModelFailure) throw error;
    const why = error instanceof Error ? error.message.slice(0, 200) : 'no reason given';
    throw new ModelFailure('server-error', `${transport.host} could not fetch ${model}: ${why}.`, {
      remedy: 'https://ollama.com/search lists the models there are.',
      cause: error,
    });
  } finally {
    transport.dispose();
  }
}
