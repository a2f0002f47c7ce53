import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findWorkspaceOfFile } from '../../../server/cli/workspace.js';

describe('the workspace of a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-workspace-')));
    mkdirSync(join(folder, 'src/inner'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is the current folder where nothing marks another, as for the other commands', () => {
    assert.equal(findWorkspaceOfFile(join(folder, 'src/inner/a.ts'), folder), folder);
  });

  it('is the nearest repository before that', () => {
    mkdirSync(join(folder, 'src/.git'));
    assert.equal(findWorkspaceOfFile(join(folder, 'src/inner/a.ts'), folder), join(folder, 'src'));
  });

  it("is the file's own folder where the current one is elsewhere, or too broad", () => {
    const file = join(folder, 'src/a.ts');
    for (const current of [join(folder, 'src/inner'), '/'])
      assert.equal(findWorkspaceOfFile(file, current), dirname(file));
  });
});
