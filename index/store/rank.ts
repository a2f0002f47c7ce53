import type { Table } from '@lancedb/lancedb';
import type * as Arrow from 'apache-arrow';
import type { Embedder } from '../codeIndex.js';
import { queryWords } from '../identifiers.js';
import type { StoreHit, StoreQuery, StoreRankings } from '../store.js';
import type { Catalogue } from './catalogue.js';
import { quoted, type Lance } from './lance.js';
import { hasIndex } from './maintenance.js';
import { chunkFields, readChunk, type Row } from './rows.js';
import { symbolRank } from './symbolRank.js';
import { rowReader, rowsOf, type Tables } from './tables.js';

export interface RankContext {
  readonly lance: Lance;
  readonly tables: Tables;
  readonly catalogue: Catalogue;
  readonly embedder: Embedder;
}

/** Throws `DamagedRow` when a row is not what was written. */
export async function rank(context: RankContext, query: StoreQuery, signal: AbortSignal): Promise<StoreRankings> {
  const { query: text, limit, sources } = query;
  if ((await context.tables.chunks.countRows()) === 0) return { text: [], vector: [], symbol: [] };
  const words = [...new Set(queryWords(text))].join(' ');
  const [byText, byVector, bySymbol] = await Promise.all([
    sources.includes('text') && words !== '' ? textRanking(context, words, limit) : [],
    sources.includes('vector') ? vectorRanking(context, text, limit, signal) : [],
    sources.includes('symbol') && words !== '' ? symbolRanking(context, text, words, limit) : [],
  ]);
  return { text: byText, vector: byVector, symbol: bySymbol };
}

export class DamagedRow extends Error {
  override readonly name = 'DamagedRow';
}

async function textRanking(context: RankContext, words: string, limit: number): Promise<StoreHit[]> {
  const { chunks } = context.tables;
  const rows = await liveRows(context, limit, count => matching(context, chunks, words, chunkFields, count));
  return rows.flatMap(row => hitsOf(context, row)).slice(0, limit);
}

async function vectorRanking(
  context: RankContext,
  text: string,
  limit: number,
  signal: AbortSignal,
): Promise<StoreHit[]> {
  const [vector] = await context.embedder.embed([text], signal);
  if (vector === undefined || vector.every(value => value === 0)) return [];
  const { chunks } = context.tables;
  const approximate = await hasIndex(chunks, 'vector');
  const rows = await liveRows(context, limit, async count => {
    const search = chunks
      .vectorSearch(vector)
      .select([...chunkFields, '_distance'])
      .limit(count);
    return rowsOf(await (approximate ? search.refineFactor(refineFactor) : search).toArrow());
  });
  return rows.flatMap(row => hitsOf(context, row)).slice(0, limit);
}

/** How many times the limit is looked at exactly, after the quantised vectors have chosen. */
const refineFactor = 5;

async function symbolRanking(context: RankContext, text: string, words: string, limit: number): Promise<StoreHit[]> {
  const { symbols } = context.tables;
  const candidates = Math.max(200, limit * 4);
  const rows = await liveRows(context, candidates, count => matching(context, symbols, words, symbolFields, count));
  const rankOf = symbolRank(text);
  const scored = rows
    .filter(row => Number(row['chunk']) >= 0)
    .map(row => ({
      key: `${String(row['hash'])} ${String(row['chunk'])}`,
      score: rankOf(String(row['name']), Number(row['_score'])),
    }))
    .sort((left, right) => right.score - left.score);
  const wanted = [...new Set(scored.map(({ key }) => key))].slice(0, limit);
  return fetchChunks(context, wanted, limit);
}

/** Enough to rank; what is shown comes from the chunk. */
const symbolFields = ['hash', 'chunk', 'name'];

async function fetchChunks(context: RankContext, keys: readonly string[], limit: number): Promise<StoreHit[]> {
  const found = await chunksAt(context, keys);
  return found
    .flatMap(({ hash, chunk }) => [...context.catalogue.pathsOf(hash)].map(path => ({ path, chunk })))
    .slice(0, limit);
}

export type FoundChunk = NonNullable<ReturnType<typeof readChunk>>;

/** `keys` are a hash and an ordinal each, separated by a space; the chunks come in their order. */
export async function chunksAt(context: Pick<RankContext, 'tables'>, keys: readonly string[]): Promise<FoundChunk[]> {
  if (keys.length === 0) return [];
  const hashes = new Set(keys.map(key => quoted(key.split(' ')[0] ?? '')));
  const ordinals = new Set(keys.map(key => key.split(' ')[1] ?? '0'));
  // More than is wanted, and twice as fast as a pair of conditions each.
  const where = `hash IN (${[...hashes].join()}) AND ordinal IN (${[...ordinals].join()})`;
  const table = await context.tables.chunks.query().where(where).select(chunkFields).toArrow();
  const places = placesByKey(table.getChild('hash'), table.getChild('ordinal'));
  const read = rowReader(table);
  return keys.flatMap(key => {
    const place = places.get(key);
    return place === undefined ? [] : (readChunk(read(null, place)) ?? fail());
  });
}

/** All chunks of these contents. */
export async function chunksOf(context: Pick<RankContext, 'tables'>, hashes: readonly string[]): Promise<FoundChunk[]> {
  const where = `hash IN (${hashes.map(quoted).join()})`;
  const rows = rowsOf(await context.tables.chunks.query().where(where).select(chunkFields).toArrow());
  return rows.map(row => readChunk(row) ?? fail());
}

function placesByKey(hashes: Arrow.Vector | null, ordinals: Arrow.Vector | null): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let index = 0; index < (hashes?.length ?? 0); index += 1) {
    places.set(`${String(hashes?.get(index))} ${String(ordinals?.get(index))}`, index);
  }
  return places;
}

async function matching(
  { lance }: RankContext,
  table: Table,
  words: string,
  fields: readonly string[],
  count: number,
): Promise<Row[]> {
  const match = new lance.db.MatchQuery(words, 'words');
  const search = table
    .query()
    .fullTextSearch(match)
    .select([...fields, '_score'])
    .limit(count);
  return rowsOf(await search.toArrow());
}

const maxFetchedRows = 8192;

/** Contents that no file has now are skipped, so more rows are asked for until enough are alive. */
export async function liveRows(
  context: Pick<RankContext, 'catalogue'>,
  wanted: number,
  fetch: (count: number) => Promise<Row[]>,
): Promise<Row[]> {
  const { catalogue } = context;
  for (let count = wanted + 8; ; count *= 4) {
    const rows = await fetch(count);
    const live = rows.filter(row => catalogue.pathsOf(String(row['hash'])).size > 0);
    if (live.length >= wanted || rows.length < count || count >= maxFetchedRows) return live;
  }
}

/** A content that several files share is a hit in each. */
function hitsOf({ catalogue }: RankContext, row: Row): StoreHit[] {
  const { hash, chunk } = readChunk(row) ?? fail();
  return [...catalogue.pathsOf(hash)].map(path => ({ path, chunk }));
}

function fail(): never {
  throw new DamagedRow('a row of the index is not what was written');
}
