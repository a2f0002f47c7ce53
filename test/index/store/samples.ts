import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chunk, CodeSymbol, Reference } from '../../../index/codeIndex.js';
import type { FileContent, FileRecord, Store, StoreBatch } from '../../../index/store.js';
import { createStoreHost, type StoreHost } from '../../../index/store/storeHost.js';
import { silentLog } from '../../../server/base/log.js';

export interface SampleFile {
  readonly path: string;
  readonly source: string;
}

/** A batch as the indexer would make it: one function a line, `name: body`. */
export function batchOf(files: readonly SampleFile[], removedPaths: readonly string[] = []): StoreBatch {
  return {
    files: files.map(recordOf),
    contents: files.map(({ source }) => contentOf(source)),
    references: files.map(({ source }) => ({ hash: hashOf(source), references: referencesOf(source) })),
    removedPaths,
  };
}

export function recordOf({ path, source }: SampleFile): FileRecord {
  return { path, size: source.length, mtimeMs: 1234.5, hash: hashOf(source), language: 'typescript' };
}

export function hashOf(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}

export function contentOf(source: string): FileContent {
  const lines = source.split('\n');
  const chunks = lines.map((line, index): Chunk => {
    const name = line.split(':', 1)[0] ?? '';
    return { span: lineSpan(index, line), kind: 'function', name, signatures: 'class Sample', text: line };
  });
  const symbols = lines.map((line, index): CodeSymbol => {
    const name = line.split(':', 1)[0] ?? '';
    const span = lineSpan(index, line);
    const nameSpan = { ...span, endColumn: name.length };
    return { name, kind: 'function', span, nameSpan, signature: `${name}()`, container: 'Sample' };
  });
  return { hash: hashOf(source), chunks, symbols };
}

function referencesOf(source: string): Reference[] {
  return source.split('\n').flatMap((line, index) =>
    [...line.matchAll(/\w+/g)].map(match => ({
      name: match[0],
      span: { startLine: index, startColumn: match.index, endLine: index, endColumn: match.index + match[0].length },
    })),
  );
}

function lineSpan(line: number, text: string) {
  return { startLine: line, startColumn: 0, endLine: line, endColumn: text.length + 1 };
}

export const allSources = ['text', 'vector', 'symbol'] as const;

export async function paths(store: Store, query: string, source: (typeof allSources)[number]): Promise<string[]> {
  const found = await store.rankings({ query, limit: 20, sources: [source] }, new AbortController().signal);
  return found[source].map(hit => hit.path);
}

/** Everything that a store says of the names given, in an order of its own: two stores that agree say the same. */
export async function answersOf(store: Store, names: readonly string[]): Promise<unknown> {
  const { signal } = new AbortController();
  const answers = [];
  for (const name of names) {
    const found = await store.rankings({ query: name, limit: 500, sources: allSources }, signal);
    answers.push({
      name,
      text: found.text.map(hit => `${hit.path}:${hit.chunk.span.startLine} ${hit.chunk.text}`).sort(),
      definitions: (await store.definitions([name], signal)).map(each => `${each.path}:${each.span.startLine}`).sort(),
      references: (await store.references(name, signal))
        .map(each => `${each.path}:${each.span.startLine}:${each.span.startColumn}`)
        .sort(),
    });
  }
  return answers;
}

export const storeEntry = new URL('../../../index/storeProcess.js', import.meta.url);

/** Runs `use` with a folder and a host of its own, and removes both. */
export async function withHost(
  use: (folder: string, host: StoreHost) => Promise<void>,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-store-'));
  const host = createStoreHost({ storeProcess: storeEntry, log: silentLog, environment });
  try {
    await use(join(folder, 'database'), host);
  } finally {
    await host.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
