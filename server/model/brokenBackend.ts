import { isLoopback } from '../config/backendSettings.js';
import type { Backend, BackendConfig } from './backend.js';
import { ModelFailure } from './backend.js';

/** Stands where a backend could not be made of its settings: whatever is asked of it says why. */
export function brokenBackend(
  { name, kind, url }: Pick<BackendConfig, 'name' | 'kind' | 'url'>,
  error: unknown,
): Backend {
  const { host, hostname } = new URL(url);
  const failure =
    error instanceof ModelFailure
      ? error
      : new ModelFailure('refused-by-settings', 'It cannot be set up; the log says why.', { cause: error });
  const fail = (): never => {
    throw failure;
  };
  return {
    name,
    kind,
    host,
    isLocal: isLoopback(hostname),
    traits: { stopsWhenAborted: true },
    probe: async () => fail(),
    fillIn: fail,
    chat: fail,
    embed: async () => fail(),
    dispose: () => {},
  };
}
