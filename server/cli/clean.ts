import { rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileFailure } from '../base/failure.js';
import { allCaches, builtFolderOf, bytesOf, cacheOf, cacheRootOf, holderOf, type Cache } from './cache.js';
import { exitCodes, type Command, type Paint } from './command.js';
import { UsageError } from './parseCommandLine.js';
import { formatBytes, formatCounted } from './quantities.js';

export const cleanCommand: Command = {
  name: 'clean',
  usage: '',
  summary: 'removes the index and caches of a folder',
  description: `
What is removed builds itself again when it is next needed; settings and code are left alone.
An index that an editor has open is kept: close the editor first.`,
  options: { all: { type: 'boolean', help: 'The indexes of all folders.' } },
  positionals: [0, 0],
  async run(invocation) {
    const { host } = invocation;
    const all = invocation.flag('all');
    if (all && invocation.option('folder') !== null) throw new UsageError('--all and --folder exclude one another.');
    const caches = all ? allCaches(host) : [cacheOf(host, invocation.folder())];
    const removed: string[] = [];
    const kept: { path: string; folder: string | null; pid: number }[] = [];
    let bytes = 0;
    for (const cache of caches.filter(({ path }) => existsSync(path))) {
      host.signal.throwIfAborted();
      const pid = await holderOf(cache);
      if (pid !== null) {
        kept.push({ ...cache, pid });
        continue;
      }
      bytes += await remove(cache);
      removed.push(cache.path);
    }
    const indexes = removed.length;
    const built = builtFolderOf(host, all ? null : invocation.folder());
    if (existsSync(built)) {
      bytes += await remove({ path: built });
      removed.push(built);
    }
    return {
      exit: kept.length > 0 ? exitCodes.failed : exitCodes.done,
      json: { removed, bytes, kept },
      text: paint =>
        describe({ removed, indexes, kept, bytes }, all ? cacheRootOf(host) : (caches[0]?.folder ?? ''), paint),
    };
  },
};

async function remove(cache: Pick<Cache, 'path'>): Promise<number> {
  const bytes = bytesOf(cache);
  try {
    await rm(cache.path, { recursive: true, force: true });
  } catch (error) {
    throw fileFailure(error, cache.path);
  }
  return bytes;
}

interface Cleaned {
  readonly removed: readonly string[];
  readonly indexes: number;
  readonly kept: readonly { readonly path: string; readonly folder: string | null; readonly pid: number }[];
  readonly bytes: number;
}

function describe({ removed, indexes, kept, bytes }: Cleaned, where: string, paint: Paint): string {
  const lines = kept.map(
    ({ folder, path, pid }) =>
      `${paint.yellow('Kept')} ${folder ?? path}: process ${pid} has its index open. Close that editor and try again.`,
  );
  if (removed.length > 0) {
    lines.push(...removed.map(path => paint.dim(path)));
    const what = [
      ...(indexes > 0 ? [formatCounted(indexes, 'index', 'indexes')] : []),
      ...(removed.length > indexes ? ['what cargo built'] : []),
    ];
    lines.push(`Removed ${what.join(' and ')}, ${formatBytes(bytes)}.`);
  } else if (kept.length === 0) lines.push(`There is nothing to remove for ${where}.`);
  return `${lines.join('\n')}\n`;
}
