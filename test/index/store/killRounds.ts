import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FileRecord, Store } from '../../../index/store.js';
import { createMemoryStore } from '../../../index/store/memoryStore.js';
import { historyBatch, historyNames, randomFrom } from './history.js';
import { answersOf, withHost } from './samples.js';

/**
 * Kills a writing server, its process or both, so many times at random moments. After each, the store must say what
 * was committed: all of the last batch told, and all or nothing of the one under way.
 */
export async function killRounds(rounds: number, seed: number): Promise<void> {
  const next = randomFrom(seed);
  await withHost(async (databaseFolder, host) => {
    const model = createMemoryStore();
    let committed = -1;
    for (let round = 0; round < rounds; round += 1) {
      const told = await writeUntilKilled(databaseFolder, committed + 1, next);
      const store = host.store({ databaseFolder });
      const opening = await store.open();
      assert.notEqual(opening.state, 'rebuilt', `round ${round}: ${opening.message ?? ''}`);
      for (let number = committed + 1; number <= told; number += 1) await model.commit(historyBatch(number));
      committed = told;
      if (!sameFiles(opening.files, (await model.open()).files)) {
        committed += 1;
        await model.commit(historyBatch(committed));
      }
      assert.ok(sameFiles(opening.files, (await model.open()).files), `round ${round}: files of no batch`);
      await assertSame(store, model, `round ${round}, batch ${committed}`);
      await store.close();
    }
  });
}

async function writeUntilKilled(databaseFolder: string, first: number, next: () => number): Promise<number> {
  const entry = fileURLToPath(new URL('killedWriter.js', import.meta.url));
  const writer = spawn(process.execPath, [entry, databaseFolder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(writer, 'exit');
  let told = first - 1;
  let storePid = 0;
  const lines = createInterface({ input: writer.stdout });
  const read = (async () => {
    for await (const line of lines) {
      const [what, number] = line.split(' ');
      if (what === 'pid') storePid = Number(number);
      else told = Number(number);
      if (what === 'pid') setTimeout(() => kill(), next() % 400);
    }
  })();
  const kill = () => {
    // The store's process alone would be started again by its server; this is about both going down.
    if (next() % 2 === 0) process.kill(storePid, 'SIGKILL');
    writer.kill('SIGKILL');
  };
  await exited;
  await read;
  return told;
}

const names = historyNames.slice(0, 4);

export async function assertSame(store: Store, model: Store, when: string): Promise<void> {
  assert.deepEqual(await answersOf(store, names), await answersOf(model, names), when);
}

function sameFiles(left: readonly FileRecord[], right: readonly FileRecord[]): boolean {
  const keys = (files: readonly FileRecord[]) =>
    files
      .map(file => `${file.path} ${file.hash}`)
      .sort()
      .join('\n');
  return keys(left) === keys(right);
}
