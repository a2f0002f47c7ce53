/**
 * What the cache needs on disk after many edits: 300 files, one changed line an edit, each edit a commit of its own.
 * usage: node out/test/bench/storeEdits.js [EDITS] [PER_COMMIT]
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStoreHost, type StoreHost } from '../../index/store/storeHost.js';
import { silentLog } from '../../server/base/log.js';
import { batchOf, storeEntry } from '../index/store/samples.js';

export interface StoreEditsResult {
  readonly edits: number;
  readonly commits: number;
  readonly freshMb: number;
  readonly afterMb: number;
  readonly ratio: number;
  /** Most versions of any table at any look, every hundred commits and at the end. */
  readonly maxVersions: number;
  readonly commitMs: { readonly p50: number; readonly p95: number };
  readonly peakProcessMb: number;
}

const fileCount = 300;
const linesPerFile = 80;
const tables = ['files', 'chunks', 'symbols', 'references'];

export async function benchStoreEdits(edits = 10_000, perCommit = 1): Promise<StoreEditsResult> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-edits-'));
  const host = createStoreHost({ storeProcess: storeEntry, log: silentLog });
  try {
    const store = host.store({ databaseFolder: join(folder, 'edited') });
    await store.open();
    const sources = new Map(Array.from({ length: fileCount }, (_, index) => [`src/file${index}.ts`, sourceOf(index)]));
    await store.commit(batchOf([...sources].map(([path, source]) => ({ path, source }))));
    await store.maintain();
    const times: number[] = [];
    let maxVersions = 0;
    let peakBytes = 0;
    for (let edit = 0; edit < edits; edit += perCommit) {
      const changed = Array.from({ length: perCommit }, (_, index) => editOf(sources, edit + index));
      const before = performance.now();
      await store.commit(batchOf(changed));
      times.push(performance.now() - before);
      // As the index does after it has written what was saved.
      await store.maintain();
      peakBytes = Math.max(peakBytes, host.residentBytes() ?? 0);
      if (times.length % 100 === 0) maxVersions = Math.max(maxVersions, versionsIn(join(folder, 'edited')));
    }
    await store.maintain();
    const afterMb = megabytesIn(join(folder, 'edited'));
    maxVersions = Math.max(maxVersions, versionsIn(join(folder, 'edited')));
    await store.close();
    const freshMb = await freshMegabytes(host, join(folder, 'fresh'), sources);
    times.sort((left, right) => left - right);
    const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
    const ratio = Math.round((afterMb / freshMb) * 100) / 100;
    const commitMs = { p50: at(0.5), p95: at(0.95) };
    const peakProcessMb = Math.round(peakBytes / 1e6);
    return { edits, commits: times.length, freshMb, afterMb, ratio, maxVersions, commitMs, peakProcessMb };
  } finally {
    await host.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sourceOf(file: number): string {
  const line = (index: number) =>
    `function${file}of${index}: takes part ${index * 31 + file} of what file ${file} says and gives it to ${index % 7} others`;
  return Array.from({ length: linesPerFile }, (_, index) => line(index)).join('\n');
}

function editOf(sources: Map<string, string>, edit: number) {
  const path = `src/file${(edit * 7) % fileCount}.ts`;
  const lines = (sources.get(path) ?? '').split('\n');
  lines[edit % linesPerFile] = `edited${edit}: was changed by edit ${edit}`;
  const source = lines.join('\n');
  sources.set(path, source);
  return { path, source };
}

async function freshMegabytes(
  host: StoreHost,
  databaseFolder: string,
  sources: ReadonlyMap<string, string>,
): Promise<number> {
  const store = host.store({ databaseFolder });
  await store.open();
  await store.commit(batchOf([...sources].map(([path, source]) => ({ path, source }))));
  await store.maintain();
  await store.close();
  return megabytesIn(databaseFolder);
}

function versionsIn(databaseFolder: string): number {
  return Math.max(
    ...tables.map(table => readdirSync(join(databaseFolder, 'tables', `${table}.lance`, '_versions')).length),
  );
}

function megabytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  const bytes = files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  return Math.round(bytes / 1e5) / 10;
}

if (process.argv[1]?.endsWith('storeEdits.js') === true) {
  const [edits = '10000', perCommit = '1'] = process.argv.slice(2);
  console.log(JSON.stringify(await benchStoreEdits(Number(edits), Number(perCommit)), null, 1));
}
