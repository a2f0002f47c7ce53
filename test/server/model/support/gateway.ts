import { mkdtempSync, readFileSync, rmSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../../../server/base/log.js';
import { resolveSettings, type Layer } from '../../../../server/config/resolve.js';
import type { Settings } from '../../../../server/config/schema.js';
import { createModels, type ModelsOptions } from '../../../../server/model/createModels.js';
import type { Answering, Models } from '../../../../server/model/models.js';
import type { Found } from '../../../../server/model/probing.js';
import type { FillInPrompt } from '../../../../server/model/prompt.js';
import { createScriptedBackend, type BackendScript, type ScriptedBackend } from './scriptedBackend.js';

export interface Gateway {
  readonly models: Models;
  readonly stateRoot: string;
  /** Of the last backend made under a name. */
  backend(name: string): ScriptedBackend;
  readonly backends: ReadonlyMap<string, ScriptedBackend>;
  readonly logged: string[];
  readonly clock: Clock;
  setSettings(values: unknown): void;
  /** All text in the state folder. */
  written(): string;
  remove(): Promise<void>;
}

export interface Clock {
  nowMs: number;
  /** Waits of this many milliseconds were asked for, and end when time comes to them. */
  readonly waits: number[];
  advance(ms: number): Promise<void>;
}

export interface GatewayOptions {
  /** Of the person's settings file. */
  readonly settings?: unknown;
  readonly workspace?: unknown;
  readonly scripts?: Readonly<Record<string, BackendScript>>;
  readonly found?: () => readonly Found[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isAllowed?: (path: string) => boolean;
  readonly stateRoot?: string;
  readonly more?: Partial<ModelsOptions>;
}

export function createGateway(options: GatewayOptions = {}): Gateway {
  const stateRoot = options.stateRoot ?? mkdtempSync(join(tmpdir(), 'understudy-gateway-'));
  const backends = new Map<string, ScriptedBackend>();
  const logged: string[] = [];
  const clock = createClock();
  let settings = resolve(options.settings, options.workspace);
  const models = createModels({
    settings: () => settings,
    env: options.env ?? {},
    stateRoot,
    log: createLog(logged),
    now: () => clock.nowMs,
    sleep: clock.sleep,
    isAllowed: options.isAllowed ?? (() => true),
    createBackend(config) {
      const made = createScriptedBackend(config, options.scripts?.[config.name] ?? {});
      backends.set(config.name, made);
      return made;
    },
    discover: () => Promise.resolve(options.found?.() ?? []),
    redactor: {
      fillIn: prompt => Promise.resolve({ value: prompt, redactions: [] }),
      chat: messages => Promise.resolve({ value: messages, redactions: [] }),
      texts: texts => Promise.resolve({ value: texts, redactions: [] }),
    },
    retryMs: 1,
    ...options.more,
  });
  return {
    models,
    stateRoot,
    backends,
    logged,
    clock,
    backend(name) {
      const found = backends.get(name);
      if (found === undefined) throw new Error(`There is no backend ${name}.`);
      return found;
    },
    setSettings(values) {
      settings = resolve(values, options.workspace);
      models.settingsChanged();
    },
    written: () =>
      readdirSync(stateRoot, { recursive: true, encoding: 'utf8', withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('\n'),
    async remove() {
      await models.dispose();
      rmSync(stateRoot, { recursive: true, force: true });
    },
  };
}

function resolve(user: unknown, workspace: unknown): Settings {
  const layers: Layer[] = [{ name: 'user', kind: 'user', values: user ?? {} }];
  if (workspace !== undefined) layers.push({ name: 'workspace', kind: 'workspace', values: workspace });
  return resolveSettings(layers).settings;
}

interface Waiting {
  readonly untilMs: number;
  readonly end: () => void;
}

function createClock(): Clock & { sleep(ms: number, signal: AbortSignal): Promise<void> } {
  const waiting = new Set<Waiting>();
  const waits: number[] = [];
  const clock = {
    nowMs: new Date(2026, 10, 21, 12).getTime(),
    waits,
    sleep(ms: number, signal: AbortSignal): Promise<void> {
      waits.push(ms);
      return new Promise((done, fail) => {
        const one = { untilMs: clock.nowMs + ms, end: done };
        const giveUp = (): void => {
          waiting.delete(one);
          fail(signal.reason as Error);
        };
        if (signal.aborted) return giveUp();
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.add(one);
      });
    },
    async advance(ms: number): Promise<void> {
      clock.nowMs += ms;
      for (const one of [...waiting]) {
        if (one.untilMs > clock.nowMs) continue;
        waiting.delete(one);
        one.end();
      }
      await rest();
    },
  };
  return clock;
}

/** Until promises that wait for nothing else have run. */
export function rest(): Promise<void> {
  return new Promise(resolve => setImmediate(() => setImmediate(resolve)));
}

function createLog(logged: string[]): Log {
  const write = (message: string, error?: unknown): void => {
    logged.push(error instanceof Error ? `${message} ${error.stack ?? error.message}` : message);
  };
  return { error: write, warn: write, info: write, debug: write };
}

export function promptOf(more: Partial<FillInPrompt> = {}): FillInPrompt {
  return {
    languageId: 'typescript',
    path: '/work/a.ts',
    label: 'a.ts',
    repository: 'work',
    related: [],
    prefix: 'const a = 1;\n',
    typed: 'const b = ',
    suffix: ';\n',
    startLine: 0,
    ...more,
  };
}

export function never(): AbortSignal {
  return new AbortController().signal;
}

export function fill(models: Models, more: Partial<FillInPrompt> = {}, signal = never()): Promise<Answering> {
  return models.fillIn({ prompt: promptOf(more), isSpeculative: false }, signal);
}

/** All of an answer. */
export async function readAll({ text }: Answering): Promise<string> {
  let whole = '';
  for await (const part of text) whole += part;
  return whole;
}
