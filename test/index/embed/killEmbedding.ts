import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChunkVectors } from '../../../index/chunkVectors.js';
import { normalise } from '../../../index/embed/hashedEmbedder.js';
import { createStoreHost } from '../../../index/store/storeHost.js';
import { silentLog } from '../../../server/base/log.js';
import { randomFrom } from '../store/history.js';
import { storeEntry } from '../store/samples.js';
import { never } from '../support/codeIndex.js';
import { createWorkspace } from '../support/workspace.js';
import { meaningOf } from './scriptedEmbedder.js';

const files = 80;
const words = ['evict', 'greet', 'total', 'parse', 'open', 'render'];
/** The largest batch that is ever sent. */
const batch = 64;

export interface KilledEmbedding {
  readonly texts: number;
  /** Texts that the model was asked for more than once. */
  readonly twice: number;
  /** Rounds in which all was done before the kill came. */
  readonly finished: number;
}

/**
 * Starts an index whose chunks a model turns into vectors, and kills it, or the store's process, or both, at random moments,
 * until all is done. Each kill may cost one batch; nothing may be missing or wrong in the end.
 */
export async function killEmbedding(rounds: number, seed: number, longestMs: number): Promise<KilledEmbedding> {
  const next = randomFrom(seed);
  const [workspace, caches] = [createWorkspace(), createWorkspace()];
  const log = caches.write('asked.log', '');
  let finished = 0;
  try {
    for (let at = 0; at < files; at++) workspace.write(`src/f${at}.ts`, textOf(at));
    let kills = 0;
    for (let round = 0; round < rounds; round++) {
      if (await embedUntilKilled(workspace.folder, caches.folder, log, next, longestMs)) finished++;
      else kills++;
      // Some of the work goes on being new.
      const at = next() % files;
      workspace.write(`src/f${at}.ts`, textOf(at + files * (round + 1)));
    }
    await embedUntilKilled(workspace.folder, caches.folder, log, next, Infinity);
    const asked = readFileSync(log, 'utf8').split('\n').slice(0, -1);
    const texts = new Set(asked).size;
    const twice = asked.length - texts;
    assert.ok(twice <= (kills + finished) * batch, `${twice} texts of ${texts} were asked for again in ${kills} kills`);
    await assertWhole(caches.folder, files);
    writeFileSync(log, '');
    await embedUntilKilled(workspace.folder, caches.folder, log, next, Infinity);
    assert.equal(readFileSync(log, 'utf8'), '', 'What is there is never asked for again.');
    return { texts, twice, finished };
  } finally {
    workspace.dispose();
    caches.dispose();
  }
}

/** Whether it was done before the kill came. Killed as soon as it is done where that is to be waited for. */
async function embedUntilKilled(
  folder: string,
  cacheFolder: string,
  log: string,
  next: () => number,
  longestMs: number,
): Promise<boolean> {
  const entry = fileURLToPath(new URL('embeddingChild.js', import.meta.url));
  const child = spawn(process.execPath, [entry, folder, cacheFolder, 'test/meanings', log], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let isDone = false;
  const kill = (storePid: number): void => {
    if (next() % 2 === 0 && storePid > 0) process.kill(storePid, 'SIGKILL');
    child.kill('SIGKILL');
  };
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const [what, pid] = line.split(' ');
      if (what === 'asked' && longestMs < Infinity) setTimeout(() => kill(Number(pid)), next() % longestMs);
      if (what !== 'done') continue;
      isDone = true;
      child.kill('SIGKILL');
    }
  })();
  await exited;
  await read;
  return isDone;
}

/** Every chunk has the vector of its own text. */
async function assertWhole(cacheFolder: string, expectedFiles: number): Promise<void> {
  const host = createStoreHost({ storeProcess: storeEntry, log: silentLog });
  try {
    const store = host.store({ databaseFolder: join(cacheFolder, 'store') });
    const { files: stored } = await store.open();
    assert.equal(stored.length, expectedFiles);
    const { vectors } = store;
    assert.ok(vectors !== undefined);
    const [counts] = await vectors.counts();
    assert.ok(counts !== undefined && counts.done === counts.all && counts.all >= expectedFiles);
    for (const word of words) await assertNear(vectors, word, counts.all);
    await store.close();
  } finally {
    await host.dispose();
  }
}

async function assertNear(vectors: ChunkVectors, word: string, all: number): Promise<void> {
  const wanted = normalise(meaningOf(`export function ${word}`));
  const near = await vectors.nearest('test/meanings', wanted, all, never);
  assert.equal(near.length, all, `${word}: each chunk is found once`);
  for (const { path, chunk, distance } of near) {
    const { signatures, text } = chunk;
    const own = normalise(meaningOf(signatures === '' ? text : `${signatures}\n${text}`));
    const expected = own.reduce((sum, value, at) => sum + (value - (wanted[at] ?? 0)) ** 2, 0);
    assert.ok(Math.abs(distance - expected) < 1e-4, `${path}: ${distance} is not ${expected}`);
  }
}

function textOf(number: number): string {
  const next = randomFrom(number * 31 + 5);
  const functions = Array.from({ length: 2 + (next() % 4) }, (_, at) => {
    const word = words[next() % words.length] ?? '';
    const line = `  ${words[next() % words.length] ?? ''}(value${number}, ${next() % 1000});\n`;
    return `export function ${word}Number${number}at${at}(value${number}: number) {\n${line.repeat(6 + (next() % 5))}}\n`;
  });
  return functions.join('\n');
}
