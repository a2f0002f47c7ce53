import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createStoreHost } from '../../../index/store/storeHost.js';
import { silentLog } from '../../../server/base/log.js';
import { createTestIndex, createTestPool, never } from './codeIndex.js';
import { createWorkspace } from './workspace.js';

const FILES = 60;
const NAMES = 8;

/**
 * Changes files, starts an indexing process and kills it at a random moment, so many times; then lets one finish.
 * What it has must be what a fresh index of the same files has. `longestMs` is how late a kill may come.
 */
export async function killIndexing(
  rounds: number,
  seed: number,
  longestMs: number,
): Promise<{ readonly finished: number }> {
  const random = randomFrom(seed);
  const workspace = createWorkspace();
  const caches = createWorkspace();
  let finished = 0;
  try {
    for (let at = 0; at < FILES; at++) workspace.write(pathOf(at), textOf(random));
    for (let round = 0; round < rounds; round++) {
      for (let change = 0; change < 12; change++) {
        const path = pathOf(random(FILES));
        if (random(4) === 0) workspace.remove(path);
        else workspace.write(path, textOf(random));
      }
      if (await indexUntilKilled(workspace.folder, caches.path('killed'), random(longestMs))) finished++;
    }
    const [killed, fresh] = [
      await answers(workspace.folder, caches.path('killed')),
      await answers(workspace.folder, caches.path('fresh')),
    ];
    assert.deepEqual(killed, fresh);
    return { finished };
  } finally {
    workspace.dispose();
    caches.dispose();
  }
}

/** Whether it was done before the kill came. */
async function indexUntilKilled(folder: string, cacheFolder: string, afterMs: number): Promise<boolean> {
  const entry = fileURLToPath(new URL('indexingChild.js', import.meta.url));
  const child = spawn(process.execPath, [entry, folder, cacheFolder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let isDone = false;
  child.stdout.on('data', (chunk: Buffer) => {
    // Counted from the moment when it begins to index: before there is little to break.
    if (chunk.includes('scanned')) setTimeout(() => child.kill('SIGKILL'), afterMs);
    isDone ||= chunk.includes('done');
  });
  await exited;
  return isDone;
}

async function answers(folder: string, cacheFolder: string): Promise<unknown> {
  const storeProcess = new URL('out/index/storeProcess.js', pathToFileURL(`${process.cwd()}/`));
  const host = createStoreHost({ storeProcess, log: silentLog });
  const pool = createTestPool();
  const store = host.store({ databaseFolder: join(cacheFolder, 'store') });
  const { index, start } = createTestIndex(folder, { pool, store, cacheFolder });
  try {
    await start();
    await index.settle();
    const found: unknown[] = [index.status().state, index.status().indexed];
    for (let number = 0; number < NAMES; number++) {
      const name = `nameNumber${number}`;
      const definitions = await index.definitions(name, never);
      const references = await index.references(name, never);
      const hits = await index.search(`${name} value`, { limit: 200 }, never);
      found.push(
        definitions.map(({ path, span }) => `${path}:${span.startLine}`).sort(),
        references.map(({ path, span }) => `${path}:${span.startLine}`).sort(),
        hits.map(({ path, text }) => `${path}:${text}`).sort(),
      );
    }
    return found;
  } finally {
    await index.close();
    await pool.close();
    await host.dispose();
  }
}

function pathOf(number: number): string {
  return `d${number % 5}/f${number}.ts`;
}

function textOf(random: (below: number) => number): string {
  const lines = Array.from({ length: 1 + random(5) }, () => {
    const [name, used] = [random(NAMES), random(NAMES)];
    return `export function nameNumber${name}() {\n  return nameNumber${used}() + ${random(1000)};\n}\n`;
  });
  return lines.join('\n');
}

function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}
