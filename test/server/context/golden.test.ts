import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Passage } from '../../../server/model/prompt.js';
import { createTestPool, createWorld, cursor } from './support/world.js';

/**
 * Each file is one case: prose, the files of a workspace (the first one has the cursor ▮), and what a model gets to see
 * besides the file itself, with the real index. UPDATE_GOLDEN=1 writes the last part anew.
 */
const folder = join('test', 'golden', 'context');

describe('what a model gets to see', () => {
  const pool = createTestPool();
  after(() => pool.close());

  for (const name of readdirSync(folder).filter(file => file.endsWith('.txt'))) {
    it(name.replace(/\.txt$/, '').replaceAll('-', ' '), async () => {
      const path = join(folder, name);
      const source = readFileSync(path, 'utf8');
      const actual = await show(source);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, source.slice(0, endOf(source)) + actual);
      else assert.equal(actual, source.slice(endOf(source)));
    });
  }

  async function show(source: string): Promise<string> {
    const files = filesOf(source);
    const [path = ''] = Object.keys(files);
    const world = await createWorld(files, { pool });
    try {
      const { prompt } = await world.ask(path);
      assert.deepEqual(world.warnings, []);
      return prompt.related.map(shown).join('');
    } finally {
      await world.close();
    }
  }
});

const shownMark = '--- related\n';

function endOf(source: string): number {
  return source.indexOf(shownMark) + shownMark.length;
}

function filesOf(source: string): Readonly<Record<string, string>> {
  const parts = source
    .slice(0, source.indexOf(shownMark))
    .split(/^=== (.+)\n/m)
    .slice(1);
  const files: Record<string, string> = {};
  for (let at = 0; at < parts.length; at += 2) files[parts[at] ?? ''] = (parts[at + 1] ?? '').replace('▮', cursor);
  return files;
}

function shown({ label, startLine, source, text }: Passage): string {
  return `[${label}:${startLine + 1} ${source}]\n${text}`;
}
