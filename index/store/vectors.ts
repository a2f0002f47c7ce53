import type {
  ModelCounts,
  NearChunk,
  UnvectoredChunk,
  Unvectored,
  VectorBatch,
  VectorCounts,
} from '../chunkVectors.js';
import type { Chunk } from '../codeIndex.js';
import { Failure } from '../../server/base/failure.js';
import type { Catalogue } from './catalogue.js';
import { systemFailure } from './lance.js';
import { hasIndex, largeTableRows, optimise } from './maintenance.js';
import { liveRows, type FoundChunk } from './rank.js';
import {
  makeVectorTable,
  openVectorTable,
  removeOtherVectors,
  removeVectors,
  vectorEmbedders,
  type VectorFolder,
  type VectorRow,
  type VectorTable,
} from './vectorTable.js';
import { rowsOf } from './tables.js';
import { modelText, textKey } from './wording.js';

/** What the store's process does of `ChunkVectors`. Calls come one after the other. */
export interface Vectors {
  missing(embedder: string, limit: number, except: readonly string[]): Promise<Unvectored>;
  put(batch: VectorBatch): Promise<VectorCounts>;
  nearest(embedder: string, vector: Float32Array, limit: number): Promise<readonly NearChunk[]>;
  counts(): Promise<readonly ModelCounts[]>;
  forget(hashes: readonly string[]): Promise<void>;
  settle(embedder: string): Promise<void>;
  close(): void;
}

const appendsPerOptimise = 32;
/** When there is time for it, already after so many. */
const versionsWorthOptimising = 16;
/** So many contents are looked into for one answer. */
const contentsPerLook = 64;
/** How many times the limit is looked at exactly, after the quantised vectors have chosen. */
const refineFactor = 5;

export interface VectorsOptions {
  readonly folder: VectorFolder;
  /** As the store has it now. */
  catalogue(): Catalogue;
  /** All chunks of these contents. */
  chunksOf(hashes: readonly string[]): Promise<readonly FoundChunk[]>;
  /** By hash and ordinal, separated by a space; in their order. */
  chunksAt(keys: readonly string[]): Promise<readonly FoundChunk[]>;
}

export function createVectors({ folder, catalogue, chunksOf, chunksAt }: VectorsOptions): Vectors {
  let open: VectorTable | null = null;
  let appends = 0;
  let settled = '';

  return {
    missing: (embedder, limit, except) => withTable(embedder, table => missing(table, limit, except)),
    put: batch => withTable(batch.embedder, table => put(table, batch)),
    nearest: (embedder, vector, limit) => withTable(embedder, table => nearest(table, vector, limit)),
    counts,
    forget,
    settle: embedder => withTable(embedder, settle),
    close,
  };

  /** What is wrong with vectors is no trouble of the store: they are opened once more, then given up to be made again. */
  async function withTable<Result>(
    embedder: string,
    use: (table: VectorTable | null) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await use(await tableOf(embedder));
    } catch (error) {
      throwExpected(error);
    }
    close();
    try {
      return await use(await tableOf(embedder));
    } catch (error) {
      throwExpected(error);
    }
    close();
    if (folder.write) await removeVectors(folder, embedder);
    return use(null);
  }

  async function tableOf(embedder: string): Promise<VectorTable | null> {
    if (open?.embedder === embedder) return open;
    close();
    open = await openVectorTable(folder, embedder);
    if (open !== null && folder.write) await dropPurged(open);
    return open;
  }

  function close(): void {
    open?.close();
    open = null;
  }

  async function missing(table: VectorTable | null, limit: number, except: readonly string[]): Promise<Unvectored> {
    const passed = new Set(except);
    const found: UnvectoredChunk[] = [];
    const wanted = unfinished(catalogue(), table).filter(hash => !passed.has(hash));
    for (let start = 0; start < wanted.length && found.length < limit; start += contentsPerLook) {
      const chunks = await withoutVector(wanted.slice(start, start + contentsPerLook), table);
      found.push(...(table === null ? chunks : await withoutKnown(chunks, table)));
    }
    return { chunks: found.slice(0, limit), ...countsIn(catalogue(), table) };
  }

  async function withoutVector(hashes: readonly string[], table: VectorTable | null): Promise<UnvectoredChunk[]> {
    const rows = await chunksOf(hashes);
    return rows.flatMap(({ hash, ordinal, chunk }) => {
      const [path] = catalogue().pathsOf(hash);
      if (path === undefined || table?.places.get(hash)?.has(ordinal) === true) return [];
      return [{ hash, ordinal, path, startLine: chunk.span.startLine, ...wordingOf(chunk) }];
    });
  }

  /** A text that came with another content before has its vector already: most of a file stays when it is edited. */
  async function withoutKnown(chunks: readonly UnvectoredChunk[], table: VectorTable): Promise<UnvectoredChunk[]> {
    const known = await table.byKey([...new Set(chunks.map(({ key }) => key))]);
    if (known.size === 0) return [...chunks];
    const rows = chunks.flatMap(({ hash, ordinal, key }): VectorRow[] => {
      const vector = known.get(key);
      return vector === undefined ? [] : [{ hash, ordinal, key, vector }];
    });
    await appendTo(table, rows);
    return chunks.filter(({ key }) => !known.has(key));
  }

  async function put(
    before: VectorTable | null,
    { embedder, dimensions, chunks, vectors }: VectorBatch,
  ): Promise<VectorCounts> {
    if (before?.dimensions !== dimensions) close();
    const table = (open ??= await makeVectorTable(folder, embedder, dimensions));
    const { places } = table;
    const rows = chunks.flatMap(({ hash, ordinal, key }, index): VectorRow[] => {
      // The same call may come twice, when the process died under the first; and what was left out meanwhile must not come.
      if (catalogue().pathsOf(hash).size === 0 || places.get(hash)?.has(ordinal) === true) return [];
      const vector = vectors.subarray(index * dimensions, (index + 1) * dimensions);
      return [{ hash, ordinal, key, vector: vector.every(value => value === 0) ? farAway(dimensions) : vector }];
    });
    await appendTo(table, rows);
    return countsIn(catalogue(), table);
  }

  async function appendTo(table: VectorTable, rows: readonly VectorRow[]): Promise<void> {
    if (rows.length === 0) return;
    settled = '';
    await table.append(rows);
    appends += 1;
    if (appends < appendsPerOptimise) return;
    appends = 0;
    await optimise(table.table);
  }

  async function nearest(
    table: VectorTable | null,
    vector: Float32Array,
    limit: number,
  ): Promise<readonly NearChunk[]> {
    if (table?.dimensions !== vector.length) return [];
    const approximate = await hasIndex(table.table, 'vector');
    const rows = await liveRows({ catalogue: catalogue() }, limit, async count => {
      const search = table.table
        .vectorSearch(vector)
        .distanceType('l2')
        .select(['hash', 'ordinal', 'key', '_distance'])
        .limit(count);
      return rowsOf(await (approximate ? search.refineFactor(refineFactor) : search).toArrow());
    });
    const near = new Map(
      rows
        .filter(row => Number(row['_distance']) < tooFar)
        .map(row => [`${String(row['hash'])} ${String(row['ordinal'])}`, row]),
    );
    const found = await chunksAt([...near.keys()]);
    return found
      .flatMap(({ hash, ordinal, chunk }) => {
        const row = near.get(`${hash} ${ordinal}`);
        // The content may have been cut otherwise since.
        if (row === undefined || wordingOf(chunk).key !== row['key']) return [];
        const distance = Number(row['_distance']);
        return [...catalogue().pathsOf(hash)].map(path => ({ path, chunk, distance }));
      })
      .slice(0, limit);
  }

  async function counts(): Promise<readonly ModelCounts[]> {
    const all: ModelCounts[] = [];
    for (const embedder of await vectorEmbedders(folder))
      all.push({
        model: embedder,
        ...(await withTable(embedder, table => Promise.resolve(countsIn(catalogue(), table)))),
      });
    return all;
  }

  async function forget(hashes: readonly string[]): Promise<void> {
    const dead = hashes.filter(hash => catalogue().pathsOf(hash).size === 0);
    if (dead.length === 0) return;
    const before = open?.embedder ?? null;
    for (const embedder of await vectorEmbedders(folder))
      await withTable(embedder, table => table?.remove(dead) ?? Promise.resolve());
    if (before !== null) await withTable(before, () => Promise.resolve());
  }

  async function settle(table: VectorTable | null): Promise<void> {
    if (table === null || settled === table.embedder) return;
    await removeOtherVectors(folder, table.embedder);
    // Texts that no content has taken up again.
    if (table.places.has('')) await table.remove(['']);
    await dropPurged(table);
    if ((await table.table.countRows()) >= largeTableRows && !(await hasIndex(table.table, 'vector')))
      await table.table.createIndex('vector', { config: folder.lance.db.Index.ivfRq() });
    if ((await table.versions()) >= versionsWorthOptimising) await optimise(table.table);
    settled = table.embedder;
  }

  async function dropPurged(table: VectorTable): Promise<void> {
    const { contents } = catalogue();
    const purged = [...table.places.keys()].filter(hash => hash !== '' && !contents.has(hash));
    if (purged.length > 0) await table.remove(purged);
  }
}

/** Contents of files whose chunks do not all have a vector, those seen first first. */
function unfinished(catalogue: Catalogue, table: VectorTable | null): string[] {
  return [...catalogue.contents.values()]
    .filter(({ hash, chunks }) => catalogue.pathsOf(hash).size > 0 && (table?.places.get(hash)?.size ?? 0) < chunks)
    .map(({ hash }) => hash);
}

function countsIn(catalogue: Catalogue, table: VectorTable | null): VectorCounts {
  let done = 0;
  let all = 0;
  for (const { hash, chunks } of catalogue.contents.values()) {
    if (catalogue.pathsOf(hash).size === 0) continue;
    all += chunks;
    done += Math.min(chunks, table?.places.get(hash)?.size ?? 0);
  }
  return { done, all };
}

function throwExpected(error: unknown): void {
  if (error instanceof Failure) throw error;
  const failure = systemFailure(error);
  if (failure !== null) throw failure;
}

function wordingOf(chunk: Chunk): { readonly text: string; readonly key: string } {
  const text = modelText(chunk);
  return { text, key: textKey(text) };
}

/** Where no vector of unit length is near: two of them are at most 4 apart, in squares. */
function farAway(dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  vector[0] = 30;
  return vector;
}

const tooFar = 5;
