import { isRecord } from '../base/record.js';
import { isLoopback } from '../config/backendSettings.js';
import type { BackendConfig, BackendKind } from './backend.js';
import { createTransport } from './transport.js';

export interface FoundBackend extends BackendConfig {
  readonly from: 'found';
}

export interface DiscoverOptions {
  /** The addresses to look at instead of the usual ones; those that are not on this machine are left out. */
  readonly urls?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly limitMs?: number;
}

/**
 * Servers with models that run on this machine. They are known by what they answer, never by their port alone; they are asked
 * to say what they are and nothing else, and nobody beyond this machine is asked.
 */
export async function discoverLocal(signal: AbortSignal, options: DiscoverOptions = {}): Promise<FoundBackend[]> {
  const urls = options.urls ?? usualUrls(options.environment ?? process.env);
  const limitMs = options.limitMs ?? 300;
  const local = [...new Set(urls)].filter(url => URL.canParse(url) && isLoopback(new URL(url).hostname));
  const kinds = await Promise.all(local.map(url => recognise(url, limitMs, signal)));
  signal.throwIfAborted();
  const found: FoundBackend[] = [];
  for (const [index, url] of local.entries()) {
    const kind = kinds[index] ?? null;
    if (kind === null) continue;
    const same = found.filter(other => other.kind === kind).length;
    found.push({
      name: same === 0 ? kind : `${kind}-${new URL(url).port}`,
      kind,
      url,
      model: null,
      key: () => Promise.resolve(null),
      fim: null,
      headers: {},
      from: 'found',
    });
  }
  return found;
}

/** Where Ollama, llama.cpp's server and LM Studio listen unless told otherwise. */
function usualUrls(environment: Readonly<Record<string, string | undefined>>): string[] {
  const ports = [8080, 8012, 1234].map(port => `http://127.0.0.1:${port}`);
  return [ollamaUrl(environment['OLLAMA_HOST']), ...ports];
}

/** As Ollama reads it: with or without protocol and port, and `0.0.0.0` for a server that listens everywhere. */
function ollamaUrl(host: string | undefined): string {
  const usual = 'http://127.0.0.1:11434';
  const given = host?.trim().replace(/^['"]|['"]$/g, '') ?? '';
  if (given === '') return usual;
  const whole = given.includes('://') ? given : `http://${given.startsWith(':') ? `127.0.0.1${given}` : given}`;
  if (!URL.canParse(whole)) return usual;
  const url = new URL(whole);
  const hasPort = /:\d+$/.test(given.replace(/\/+$/, ''));
  const hostname = url.hostname === '0.0.0.0' || url.hostname === '[::]' ? '127.0.0.1' : url.hostname;
  const port = hasPort ? url.port || '80' : given.includes('://') ? url.port : '11434';
  return `${url.protocol}//${hostname}${port === '' ? '' : `:${port}`}`;
}

async function recognise(url: string, limitMs: number, signal: AbortSignal): Promise<BackendKind | null> {
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, limitMs);
  signal.addEventListener('abort', stop);
  const transport = createTransport({ origin: url, headers: {}, key: () => Promise.resolve(null) });
  try {
    const [version, tags, props, models] = await Promise.all(
      ['/api/version', '/api/tags', '/props', '/v1/models'].map(async path => {
        try {
          const response = await transport.fetch(`${new URL(url).origin}${path}`, { signal: limit.signal });
          return readJson(await response.text());
        } catch {
          // Nothing there, something else, or too slow: it is not found, and that is no news.
          return null;
        }
      }),
    );
    if (isRecord(props) && typeof props['build_info'] === 'string') return 'llamacpp';
    if (isRecord(version) && typeof version['version'] === 'string' && isRecord(tags) && Array.isArray(tags['models']))
      return 'ollama';
    const listed = isRecord(models) && models['object'] === 'list' ? models['data'] : null;
    return Array.isArray(listed) && listed.length > 0 && listed.every(runsItself) ? 'openai' : null;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    transport.dispose();
  }
}

/** By LM Studio or vLLM. Anything else that speaks this API may well pass code on to somebody: it has to be set up. */
function runsItself(entry: unknown): boolean {
  return (
    isRecord(entry) &&
    typeof entry['id'] === 'string' &&
    /^(?:organization[-_]owner|vllm)$/.test(String(entry['owned_by']))
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
