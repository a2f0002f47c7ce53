import { ModelFailure, type Backend, type BackendConfig, type BackendKind } from '../backend.js';
import { isFillInForm } from '../fim/families.js';
import { createTransport, type Timeouts, type Transport } from '../transport.js';
import type { ProxyOf } from '../transportProxy.js';
import { createLlamacppBackend } from './llamacpp.js';
import { createMistralBackend } from './mistral.js';
import { createOllamaBackend } from './ollama.js';
import { createOpenaiBackend } from './openai.js';

export interface BackendOptions {
  readonly timeouts?: Partial<Timeouts>;
  /** From `proxiesOf(process.env)`; without it, no proxy is used. */
  readonly proxyOf?: ProxyOf;
  readonly now?: () => number;
}

const kinds: Readonly<
  Record<BackendKind, (config: BackendConfig, options: { readonly transport: Transport }) => Backend>
> = {
  ollama: createOllamaBackend,
  openai: createOpenaiBackend,
  llamacpp: createLlamacppBackend,
  mistral: createMistralBackend,
};

/** Sends nothing yet. Throws ModelFailure `refused-by-settings` for a configuration that cannot be used. */
export function createBackend(config: BackendConfig, options: BackendOptions = {}): Backend {
  if (config.fim !== null && !isFillInForm(config.fim)) {
    throw new ModelFailure(
      'refused-by-settings',
      `The backend "${config.name}" has the fim "${config.fim.slice(0, 40)}", which is no form that is known.`,
      { remedy: 'Give a family such as "qwen2.5-coder", or "suffix", "continue" or "chat".' },
    );
  }
  const { url: origin, headers, key } = config;
  return kinds[config.kind](config, { transport: createTransport({ ...options, origin, headers, key }) });
}
