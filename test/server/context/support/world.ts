import { pathToUri } from '../../../../server/base/paths.js';
import { silentLog, type Log } from '../../../../server/base/log.js';
import type { DocSnapshot } from '../../../../server/base/snapshot.js';
import type { Context, Gathered } from '../../../../server/context/context.js';
import { createContext, type ContextOptions } from '../../../../server/context/createContext.js';
import type { CodeIndex, SkipReason } from '../../../../index/codeIndex.js';
import { extensionLanguage } from './extensionLanguage.js';
import { createTestIndex, createTestPool } from '../../../index/support/codeIndex.js';
import { createWorkspace, type TestWorkspace } from '../../../index/support/workspace.js';
import { marked } from '../../../support/markedText.js';
import type { WorkerPool } from '../../../../index/workerPool.js';

export const never = new AbortController().signal;
export const cursor = '/*cursor*/';

/** A workspace on the disk, and a context over it. What is called `home/` lies in the person's home folder. Files are marked with the cursor where something is asked. */
export interface World {
  readonly workspace: TestWorkspace;
  /** The person's home folder. */
  readonly home: string;
  readonly context: Context;
  /** Milliseconds that have passed, and timers that wait for them. */
  readonly clock: FakeClock;
  /** Messages of the log. */
  readonly warnings: string[];
  /** Opens the marked file and gathers at its mark. */
  ask(path: string, options?: Asking): Promise<Gathered>;
  /** A document as opened from the workspace, without its mark. */
  open(path: string): { readonly snapshot: DocSnapshot; readonly offset: number };
  close(): Promise<void>;
}

export interface Asking {
  readonly budgetTokens?: number;
  readonly deadlineMs?: number;
  readonly followsTyping?: boolean;
}

export interface WorldOptions extends Partial<ContextOptions> {
  /** With the real index, in threads of this pool; else with one that knows nothing. */
  readonly pool?: WorkerPool;
}

export async function createWorld(files: Readonly<Record<string, string>>, options: WorldOptions = {}): Promise<World> {
  const plain = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, marked(text).text]));
  const isHome = (path: string): boolean => path.startsWith('home/');
  const within = (isWanted: (path: string) => boolean): Record<string, string> =>
    Object.fromEntries(Object.entries(plain).filter(([path]) => isWanted(path)));
  const home = createWorkspace(within(isHome));
  const workspace = createWorkspace(within(path => !isHome(path)));
  const made = options.pool === undefined ? null : createTestIndex(workspace.folder, { pool: options.pool });
  if (made !== null) {
    await made.start();
    await made.index.settle();
  }
  const index: CodeIndex | null = made?.index ?? null;
  const clock = createFakeClock();
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: message => void warnings.push(message) };
  const { pool: _, ...rest } = options;
  const context = createContext({
    folders: () => [workspace.folder],
    index: () => index,
    search: async (query, searching, signal) => index?.search(query, searching, signal) ?? [],
    recall: null,
    exclusion: path => index?.exclusion(path) ?? null,
    isTrusted: () => false,
    log,
    now: () => clock.nowMs(),
    after: clock.after,
    home: home.path('home'),
    ...rest,
  });

  const open = (path: string): { snapshot: DocSnapshot; offset: number } => {
    const { text, offset } = marked(files[path] ?? '');
    const absolute = workspace.path(path);
    const snapshot = {
      uri: pathToUri(absolute),
      path: absolute,
      languageId: extensionLanguage(path),
      version: 1,
      text,
    };
    context.open(snapshot);
    return { snapshot, offset };
  };

  return {
    workspace,
    home: home.path('home'),
    context,
    clock,
    warnings,
    open,
    ask(path, { budgetTokens = 4096, deadlineMs = 1e9, ...asking } = {}) {
      return context.gather({ ...open(path), budgetTokens, deadlineMs, ...asking }, never);
    },
    async close() {
      context.dispose();
      await made?.index.close();
      workspace.dispose();
      home.dispose();
    },
  };
}

export interface FakeClock {
  nowMs(): number;
  after(ms: number, call: () => void): () => void;
  pass(ms: number): void;
}

export function createFakeClock(): FakeClock {
  let now = 0;
  const timers = new Set<{ readonly atMs: number; readonly call: () => void }>();
  return {
    nowMs: () => now,
    after(ms, call) {
      const timer = { atMs: now + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      now += ms;
      for (const timer of [...timers].filter(({ atMs }) => atMs <= now)) {
        timers.delete(timer);
        timer.call();
      }
    },
  };
}

export { createTestPool };
export const excludedWhere =
  (...parts: readonly string[]) =>
  (path: string): SkipReason | null =>
    parts.some(part => path.includes(part)) ? 'excluded' : null;
