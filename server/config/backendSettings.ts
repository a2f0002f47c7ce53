import { isRecord } from '../base/record.js';
import type { Setting } from './setting.js';

/** Where a key comes from. Never the key itself: settings are synchronised, printed and shown. */
export type KeySource = { readonly env: string } | { readonly command: readonly string[] };

export interface BackendSettings {
  readonly kind: BackendSettingKind;
  readonly url: string;
  readonly model: string | null;
  readonly key: KeySource | null;
  /** Over what is probed: a family's name, `suffix`, `continue` or `chat`. */
  readonly fim: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

export const backendSettingKinds = ['ollama', 'openai', 'llamacpp', 'mistral'] as const;
export type BackendSettingKind = (typeof backendSettingKinds)[number];

export type BackendsSetting = Readonly<Record<string, BackendSettings>>;

/** Servers that run models, by name. A workspace has no say: it could send code to anybody. */
export const backendsSetting: Setting<BackendsSetting> = {
  type: 'object of name: backend',
  fallback: {},
  description:
    'Servers with models, by name: `{"kind": "ollama", "openai", "llamacpp" or "mistral", "url", "model", "key": {"env": NAME} or {"command": [PROGRAM, …]}, "fim", "headers"}`. Those that run on this machine are found without.',
  read(value) {
    if (!isRecord(value)) return { problem: 'must be an object of names, each with kind and url' };
    const backends: [string, BackendSettings][] = [];
    const problems: string[] = [];
    for (const [name, entry] of Object.entries(value)) {
      const read = readBackend(entry);
      if ('problem' in read) problems.push(`has a backend "${name.slice(0, 60)}" that ${read.problem}`);
      else backends.push([name, read.value]);
    }
    return { value: Object.fromEntries(backends), problems };
  },
};

type Read<Value> = { readonly value: Value } | { readonly problem: string };

const knownFields: ReadonlySet<string> = new Set(['kind', 'url', 'model', 'key', 'fim', 'headers']);

function readBackend(entry: unknown): Read<BackendSettings> {
  if (!isRecord(entry)) return { problem: 'is no object' };
  const unknown = Object.keys(entry).find(field => !knownFields.has(field));
  if (unknown !== undefined) return { problem: `has an unknown field ${unknown.slice(0, 60)}` };
  const kind = backendSettingKinds.find(known => known === entry['kind']);
  if (kind === undefined) {
    return entry['kind'] === 'gguf'
      ? { problem: 'is a file; serve it with llama-server and name that with kind "llamacpp"' }
      : { problem: `needs kind, one of ${backendSettingKinds.map(known => `"${known}"`).join(', ')}` };
  }
  const url = readUrl(entry['url']);
  if ('problem' in url) return url;
  const model = readText(entry['model']);
  const fim = readText(entry['fim']);
  if (model === undefined || fim === undefined) return { problem: 'has a model or fim that is no string' };
  const key = readKey(entry['key']);
  if ('problem' in key) return key;
  const headers = entry['headers'] ?? {};
  if (!isRecord(headers) || !Object.values(headers).every(header => typeof header === 'string'))
    return { problem: 'has headers that are no object of strings' };
  const texts = Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, String(header)]));
  return { value: { kind, url: url.value, model, key: key.value, fim, headers: texts } };
}

/** Without user and password, which would be printed, and with TLS but on this machine. */
function readUrl(value: unknown): Read<string> {
  if (typeof value !== 'string' || !URL.canParse(value))
    return { problem: 'needs url, such as "http://127.0.0.1:8080"' };
  const { protocol, username, password, hostname, search, hash } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return { problem: 'has a url that is neither http nor https' };
  if (username + password !== '') return { problem: 'has a user or password in its url; use key or headers' };
  if (search + hash !== '') return { problem: 'has a url with a query or fragment' };
  if (protocol === 'http:' && !isLoopback(hostname))
    return { problem: 'is not on this machine and has no TLS; use https' };
  return { value: value.replace(/\/+$/, '') };
}

/** Whether a URL's host is this machine, by its name alone: a name that must be looked up could be anybody's. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function readKey(value: unknown): Read<KeySource | null> {
  if (value === undefined || value === null) return { value: null };
  if (typeof value === 'string')
    return {
      problem: 'has a key in the settings; name a variable or a program: {"env": NAME} or {"command": [PROGRAM]}',
    };
  if (isRecord(value)) {
    const { env, command } = value;
    if (typeof env === 'string' && /^\w+$/.test(env)) return { value: { env } };
    if (
      Array.isArray(command) &&
      command.length > 0 &&
      command.every((part): part is string => typeof part === 'string')
    )
      return { value: { command } };
  }
  return { problem: 'has a key that is neither {"env": NAME} nor {"command": [PROGRAM, …]}' };
}

function readText(value: unknown): string | null | undefined {
  return value === undefined || value === null ? null : typeof value === 'string' && value !== '' ? value : undefined;
}
