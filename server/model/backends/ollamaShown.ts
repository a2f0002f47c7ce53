import { isRecord } from '../../base/record.js';
import { runsInCloud } from '../trainsOnInput.js';

/** What Ollama shows of a model, as far as it matters here. */
export interface Shown {
  readonly capabilities: readonly string[];
  readonly finetune: string | null;
  readonly template: string | null;
  readonly contextTokens: number | null;
  /** Of its Modelfile. */
  readonly setContextTokens: number | null;
  readonly parameters: number | null;
  readonly quantisation: string | null;
  readonly licence: string | null;
  readonly remoteHost: string | null;
}

export function readShown(name: string, answer: Readonly<Record<string, unknown>>): Shown {
  const details = isRecord(answer['model_info']) ? answer['model_info'] : {};
  const architecture = text(details['general.architecture']) ?? '';
  const set = /^num_ctx\s+(\d+)/m.exec(text(answer['parameters']) ?? '')?.[1];
  // A name that says so is believed, too: such a model runs on Ollama's own machines.
  const remote = text(answer['remote_host']) ?? (runsInCloud(name) ? 'https://ollama.com' : null);
  return {
    capabilities: Array.isArray(answer['capabilities']) ? answer['capabilities'].filter(isText) : ['completion'],
    finetune: text(details['general.finetune']),
    template: text(answer['template']),
    contextTokens: readPositive(details[`${architecture}.context_length`]),
    setContextTokens: set === undefined ? null : Number(set),
    parameters: readPositive(details['general.parameter_count']),
    quantisation: isRecord(answer['details']) ? text(answer['details']['quantization_level']) : null,
    licence: text(details['general.license']) ?? text(answer['license']),
    remoteHost: remote === null ? null : URL.canParse(remote) ? new URL(remote).host : remote.slice(0, 100),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Null for anything but a number above 0. */
export function readPositive(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}
