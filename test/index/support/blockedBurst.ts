import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createTestIndex, createTestPool, never, until } from './codeIndex.js';
import { createWorkspace } from './workspace.js';

/**
 * Changes so many files, every tenth removed, while this thread is blocked and can take no events; the watched index
 * must end up as a fresh one.
 */
export async function blockedBurst(files: number): Promise<void> {
  const workspace = createWorkspace();
  const pool = createTestPool();
  const watched = createTestIndex(workspace.folder, { pool, watch: true });
  const fresh = createTestIndex(workspace.folder, { pool });
  try {
    for (let at = 0; at < files; at++) workspace.write(pathOf(at), `export const before${at} = 1;\n`);
    await watched.start();
    await watched.index.watching();
    await watched.index.settle();
    assert.equal(watched.index.status().indexed, files);
    // Blocks until all is written.
    execFileSync(process.execPath, ['-e', CHANGE_MANY, workspace.folder, String(files)]);
    const left = files - Math.ceil((files - 3) / 10);
    await until(() => watched.index.status().indexed === left, `${left} files are left`, 120_000);
    await until(() => watched.told.size === files, 'all changes were told', 120_000);
    await watched.index.settle();
    await fresh.start();
    assert.equal(watched.index.status().indexed, fresh.index.status().indexed);
    for (let at = 0; at < files; at += Math.ceil(files / 60)) {
      for (const name of [`before${at}`, `after${at}`]) {
        const [found, wanted] = await Promise.all([watched, fresh].map(({ index }) => index.definitions(name, never)));
        assert.deepEqual(found, wanted);
      }
    }
  } finally {
    await watched.index.close();
    await fresh.index.close();
    await pool.close();
    workspace.dispose();
  }
}

function pathOf(at: number): string {
  return `many/d${at % 50}/f${at}.ts`;
}

const CHANGE_MANY = `
  const { writeFileSync, rmSync } = require('node:fs');
  const [folder, files] = process.argv.slice(1);
  for (let at = 0; at < Number(files); at++) {
    const path = folder + '/many/d' + (at % 50) + '/f' + at + '.ts';
    if (at % 10 === 3) rmSync(path);
    else writeFileSync(path, 'export const after' + at + ' = 2;\\n');
  }`;
