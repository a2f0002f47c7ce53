import { platformFolders } from '../base/platformFolders.js';
import type { Core, CoreStatus } from '../core.js';
import type { Settings } from '../config/schema.js';
import type { CommandHost } from './command.js';
import { createProgressBar } from './progressBar.js';
import { formatCount } from './quantities.js';
import { complainOfSettings, loadSettings } from './settings.js';
import { stderrLog } from './stderrLog.js';
import { trustOf } from './trust.js';

export interface CoreUse {
  readonly core: Core;
  readonly settings: Settings;
  /** Milliseconds that scanning and indexing took. */
  readonly startMs: number;
}

/** Brings the index of a folder up to date, shows how far it is, lends the core, and ends all of it afterwards. */
export async function withCore<Result>(
  host: CommandHost,
  folder: string,
  use: (lent: CoreUse) => Promise<Result>,
): Promise<Result> {
  const { settings, problems } = await loadSettings(host, folder);
  complainOfSettings(host, problems);
  const core = await host.createCore({
    folders: [folder],
    entries: host.entries,
    settings: () => settings,
    trust: trustOf(host, settings),
    cacheRoot: platformFolders(host.env).cache,
    stateRoot: platformFolders(host.env).state,
    env: host.env,
    log: stderrLog(host, settings),
    watch: false,
  });
  try {
    const bar = createProgressBar(host.stderr, host.env);
    const startedMs = performance.now();
    try {
      await core.start(status => bar.show(shareDone(status), describeIndexing(status)), host.signal);
    } finally {
      bar.clear();
    }
    return await use({ core, settings, startMs: performance.now() - startedMs });
  } finally {
    await core.dispose();
  }
}

function shareDone({ folders }: CoreStatus): number | null {
  const files = folders.reduce((sum, { index }) => sum + index.files, 0);
  const pending = folders.reduce((sum, { index }) => sum + index.pending, 0);
  return files === 0 ? null : (files - pending) / files;
}

function describeIndexing({ folders }: CoreStatus): string {
  const indexed = folders.reduce((sum, { index }) => sum + index.indexed, 0);
  const files = folders.reduce((sum, { index }) => sum + index.files, 0);
  return files === 0 ? 'Looking at the folder' : `Indexing ${formatCount(indexed)} of ${formatCount(files)} files`;
}
