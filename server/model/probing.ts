import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../base/log.js';
import type { BackendSettings, KeySource } from '../config/backendSettings.js';
import type { Settings } from '../config/schema.js';
import { ModelFailure, type Backend, type BackendConfig, type BackendKind, type ModelFacts } from './backend.js';
import { brokenBackend } from './brokenBackend.js';
import type { Keys } from './keys.js';
import { createGate, type Gate } from './limits/gate.js';
import type { BackendState } from './models.js';

/** A server that was found on this machine. */
export interface Found {
  readonly kind: BackendKind;
  readonly url: string;
}

/** One backend, set up or found, and what is known of it. */
export interface Known {
  readonly name: string;
  readonly from: 'settings' | 'found';
  readonly settings: BackendSettings;
  readonly backend: Backend;
  readonly gate: Gate;
  readonly state: BackendState;
  /** What is wrong and what to do; the empty string when all is well. */
  readonly why: string;
  readonly server: string | null;
  readonly models: readonly ModelFacts[];
}

/** Every backend there is: looked for, probed, and probed again while it cannot be reached. */
export interface Roster {
  list(): readonly Known[];
  /** Resolves when each was probed once. */
  start(signal: AbortSignal): Promise<void>;
  refresh(signal: AbortSignal): Promise<void>;
  /** A request failed: it is probed at once where that says more. */
  failed(name: string, failure: ModelFailure): void;
  /** A request goes to it. One of this machine is looked at now and then while it is used: it may serve another model. */
  used(name: string): void;
  settingsChanged(): void;
  dispose(): Promise<void>;
}

export interface RosterOptions {
  readonly settings: () => Settings;
  readonly createBackend: (config: BackendConfig) => Backend;
  readonly discover: (signal: AbortSignal) => Promise<readonly Found[]>;
  readonly keys: Keys;
  readonly log: Log;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly changed: () => void;
}

const firstAgainMs = 2000;
const longestAgainMs = 60_000;
/** What only a person can put right is looked at now and then. */
const hopelessAgainMs = 5 * 60_000;
const probeLimitMs = 15_000;
/** A server that is used is asked at most as often whether it serves what it did. */
const identifyAgainMs = 5000;

export function createRoster(options: RosterOptions): Roster {
  const { createBackend, discover, keys, log, now, sleep, changed } = options;
  const entries = new Map<string, Entry>();
  const ending = new AbortController();
  let found: readonly Found[] = [];
  let looking: AbortController | null = null;
  let isStarted = false;

  return {
    list: () => [...entries.values()].map(({ known }) => known),
    async start(signal) {
      isStarted = true;
      await refresh(signal);
    },
    refresh,
    failed(name, failure) {
      const entry = entries.get(name);
      if (entry === undefined) return;
      if (failure.trouble === 'unauthorized') keys.forget(entry.known.settings.key);
      if (!tellsOfServer.has(failure.trouble)) return;
      if (entry.known.state === 'ready') show(entry, stateOf(failure), sentenceOf(failure));
      entry.failures = 0;
      void probe(entry);
    },
    used(name) {
      const entry = entries.get(name);
      // Nobody waits for it.
      if (entry !== undefined) void identify(entry);
    },
    settingsChanged() {
      if (!isStarted) return;
      // Nobody waits for it; what cannot be reached is in the status.
      void refresh(ending.signal).catch(() => undefined);
    },
    async dispose() {
      ending.abort();
      for (const entry of entries.values()) close(entry);
      entries.clear();
      await Promise.resolve();
    },
  };

  async function refresh(signal: AbortSignal): Promise<void> {
    align();
    const looked = lookAround(signal);
    await Promise.all([...entries.values()].map(entry => probe(entry)));
    await looked;
    signal.throwIfAborted();
  }

  /** Servers of this machine, again and again until there is one. */
  async function lookAround(signal: AbortSignal): Promise<void> {
    looking?.abort();
    const mine = (looking = new AbortController());
    if (!options.settings().tasks.discover) {
      found = [];
      align();
      return;
    }
    await lookOnce(AbortSignal.any([signal, mine.signal, ending.signal]));
    void lookLater(AbortSignal.any([mine.signal, ending.signal]), firstAgainMs);
  }

  async function lookLater(signal: AbortSignal, afterMs: number): Promise<void> {
    if (found.length > 0 || signal.aborted) return;
    try {
      await sleep(afterMs, signal);
    } catch {
      return;
    }
    await lookOnce(signal);
    await lookLater(signal, Math.min(afterMs * 2, longestAgainMs));
  }

  async function lookOnce(signal: AbortSignal): Promise<void> {
    try {
      const seen = await discover(signal);
      if (signal.aborted) return;
      // One that went away may come back: it is probed like any other.
      found = [...found, ...seen.filter(one => !found.some(known => sameServer(known.url, one.url)))];
    } catch (error) {
      if (!signal.aborted) log.debug(`Looking for models on this machine failed (${nameOf(error)}).`);
      return;
    }
    const before = new Set(entries.keys());
    align();
    await Promise.all([...entries.values()].filter(({ known }) => !before.has(known.name)).map(entry => probe(entry)));
  }

  /** Makes the entries those of the settings and of what was found; what stays the same is kept. */
  function align(): void {
    const wanted = wantedBackends(options.settings().backends, found);
    for (const [name, entry] of entries) {
      const same = wanted.get(name);
      if (same !== undefined && isDeepStrictEqual(same.settings, entry.known.settings)) continue;
      close(entry);
      entries.delete(name);
    }
    // In the order of the settings, which is the order of a chain that nobody has set.
    const kept = new Map(entries);
    entries.clear();
    for (const [name, { settings, from }] of wanted) {
      entries.set(name, kept.get(name) ?? make(name, settings, from));
    }
    changed();
  }

  function make(name: string, settings: BackendSettings, from: Known['from']): Entry {
    const backend = backendOf(name, settings);
    const tell = (message: string): void => {
      log.info(message);
      changed();
    };
    const gate = createGate({ name, isLocal: backend.isLocal, now, sleep, tell });
    const known: Known = { name, from, settings, backend, gate, state: 'waiting', why: '', server: null, models: [] };
    return {
      known,
      ending: new AbortController(),
      probing: null,
      failures: 0,
      waiting: null,
      identity: null,
      identifiedMs: 0,
    };
  }

  /** One that cannot be made is shown with the reason, like one that cannot be reached. */
  function backendOf(name: string, settings: BackendSettings): Backend {
    const { kind, url, model, fim, headers } = settings;
    try {
      return createBackend({ name, kind, url, model, fim, headers, key: keys.of(settings.key) });
    } catch (error) {
      if (!(error instanceof ModelFailure)) log.error(`The backend ${name} cannot be set up.`, error);
      return brokenBackend({ name, kind, url }, error);
    }
  }

  function close(entry: Entry): void {
    entry.ending.abort();
    entry.known.backend.dispose();
  }

  /** Never rejects. One at a time: who comes later waits for the one that runs. */
  function probe(entry: Entry): Promise<void> {
    entry.waiting?.abort();
    return (entry.probing ??= probeOnce(entry).finally(() => (entry.probing = null)));
  }

  async function probeOnce(entry: Entry): Promise<void> {
    const signal = AbortSignal.any([entry.ending.signal, ending.signal]);
    try {
      const probed = await withLimit(limited => entry.known.backend.probe(limited), signal);
      const server = printable(probed.server);
      // A name is printed, and asked for as it is: one that would steer a terminal is no name.
      const models = probed.models.filter(({ name }) => printable(name) === name);
      if (signal.aborted) return;
      if (entry.known.state !== 'ready') entry.known.gate.reset();
      entry.failures = 0;
      entry.known = { ...entry.known, server, models };
      entry.identity = probed.identity ?? null;
      entry.identifiedMs = now();
      show(entry, 'ready', models.length === 0 ? 'It has no models.' : '');
    } catch (error) {
      if (signal.aborted) return;
      const failure = error instanceof ModelFailure ? error : null;
      if (failure === null) log.error(`Probing ${entry.known.name} failed.`, error);
      show(
        entry,
        failure === null ? 'unusable' : stateOf(failure),
        failure === null ? 'The log says what went wrong.' : sentenceOf(failure),
      );
      void probeLater(entry, againAfterMs(entry, failure));
    }
  }

  /** Never rejects. */
  async function identify(entry: Entry): Promise<void> {
    const { known, identity, identifiedMs, probing } = entry;
    const { backend, state } = known;
    if (identity === null || backend.identify === undefined || !backend.isLocal) return;
    if (state !== 'ready' || probing !== null || now() - identifiedMs < identifyAgainMs) return;
    entry.identifiedMs = now();
    try {
      const signal = AbortSignal.any([entry.ending.signal, ending.signal]);
      if ((await withLimit(async limited => backend.identify?.(limited), signal)) === identity) return;
    } catch (error) {
      // One that is busy or gone shows in the requests themselves; one that no longer knows the question is another.
      const mayBeAnother = error instanceof ModelFailure && !healsByItself.has(error.trouble);
      if (entry.ending.signal.aborted || ending.signal.aborted || !mayBeAnother) return;
    }
    log.info(`${known.name} (${backend.host}) serves something else than before; it is looked at again.`);
    await probe(entry);
  }

  function againAfterMs(entry: Entry, failure: ModelFailure | null): number {
    if (failure === null || !healsByItself.has(failure.trouble)) return hopelessAgainMs;
    return Math.min(firstAgainMs * 2 ** entry.failures++, longestAgainMs);
  }

  async function probeLater(entry: Entry, afterMs: number): Promise<void> {
    const waiting = (entry.waiting = new AbortController());
    try {
      await sleep(afterMs, AbortSignal.any([waiting.signal, entry.ending.signal, ending.signal]));
    } catch {
      return;
    }
    await probe(entry);
  }

  function show(entry: Entry, state: BackendState, why: string): void {
    const { known } = entry;
    if (known.state !== state) {
      const message = printable(`${known.name} (${known.backend.host}) is ${state}. ${why}`).trimEnd();
      if (state === 'ready' || known.from === 'found') log.info(message);
      else log.warn(message);
    }
    entry.known = { ...known, state, why: printable(why) };
    changed();
  }
}

interface Entry {
  known: Known;
  readonly ending: AbortController;
  probing: Promise<void> | null;
  /** In a row. */
  failures: number;
  /** The wait for the next probe. */
  waiting: AbortController | null;
  /** Of what it served when it was probed; null: not known. */
  identity: string | null;
  /** When that was last looked at. */
  identifiedMs: number;
}

/** Trouble that is the whole server's, and shown as its state. */
export const tellsOfServer: ReadonlySet<ModelFailure['trouble']> = new Set([
  'unreachable',
  'unauthorized',
  'model-missing',
  'loading',
]);

const healsByItself: ReadonlySet<ModelFailure['trouble']> = new Set([
  'unreachable',
  'rate-limited',
  'server-error',
  'stalled',
  'cut-off',
  'loading',
]);

function stateOf({ trouble }: ModelFailure): BackendState {
  switch (trouble) {
    case 'unauthorized':
      return 'unauthorized';
    case 'loading':
      return 'loading';
    case 'rate-limited':
      return 'paused';
    case 'model-missing':
    case 'unsupported':
    case 'bad-answer':
    case 'refused-by-settings':
      return 'unusable';
    default:
      return 'unreachable';
  }
}

export function sentenceOf({ message, remedy }: ModelFailure): string {
  return remedy === null ? message : `${message} ${remedy}`;
}

function wantedBackends(
  set: Settings['backends'],
  found: readonly Found[],
): ReadonlyMap<string, { readonly settings: BackendSettings; readonly from: Known['from'] }> {
  const wanted = new Map<string, { readonly settings: BackendSettings; readonly from: Known['from'] }>();
  for (const [name, settings] of Object.entries(set)) wanted.set(name, { settings, from: 'settings' });
  for (const { kind, url } of found) {
    if (Object.values(set).some(known => sameServer(known.url, url))) continue;
    const name = freeName(kind, wanted);
    const noKey: KeySource | null = null;
    wanted.set(name, { settings: { kind, url, model: null, key: noKey, fim: null, headers: {} }, from: 'found' });
  }
  return wanted;
}

function freeName(kind: string, taken: ReadonlyMap<string, unknown>): string {
  let name = kind;
  for (let number = 2; taken.has(name); number++) name = `${kind}${number}`;
  return name;
}

function sameServer(left: string, right: string): boolean {
  const hostOf = (url: string): string => new URL(url).host.replace(/^localhost(?=:|$)/, '127.0.0.1');
  return hostOf(left) === hostOf(right);
}

/** What a server says may go to a terminal: without what steers one, and without marks that turn its direction. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

/** A server that takes a connection and says nothing must not hold up the others. */
async function withLimit<Result>(run: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> {
  const limit = AbortSignal.timeout(probeLimitMs);
  try {
    return await run(AbortSignal.any([signal, limit]));
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error;
    throw new ModelFailure('stalled', `It did not answer within ${probeLimitMs / 1000} s.`, { cause: error });
  }
}
