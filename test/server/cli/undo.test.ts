import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noAudit, readAudit } from '../../../server/trust/audit.js';
import { createJournal } from '../../../server/trust/journal/createJournal.js';
import { versionOf } from '../../../server/trust/journal/edit.js';
import { createCommandLine, type CommandLine } from '../../support/commandLine.js';

describe('understudy undo', () => {
  let shell: CommandLine;

  beforeEach(() => {
    shell = createCommandLine();
  });
  afterEach(() => {
    shell.remove();
  });

  it('takes the last edit back, says which files, and what is in the way', async () => {
    const path = shell.write('src/a.ts', 'a\n');
    const nothing = await shell.run(['undo', '--json']);
    assert.deepEqual([nothing.exit, nothing.json()], [1, { files: [] }]);
    const stateRoot = join(shell.state, 'understudy');
    const journal = createJournal({ stateRoot, audit: noAudit });
    const files = [{ kind: 'change', path, version: versionOf('a\n'), text: 'A\n' }] as const;
    await journal.apply({ root: shell.folder, task: 'document', files }, new AbortController().signal);
    shell.write('src/a.ts', 'typed since\n');
    const refused = await shell.run(['undo']);
    assert.equal(refused.exit, 3);
    assert.match(refused.stderr, /src\/a\.ts changed since the edit was applied\.\nBring it back/);
    shell.write('src/a.ts', 'A\n');
    const done = await shell.run(['undo', '--json']);
    assert.equal(done.exit, 0);
    assert.deepEqual((done.json() as { files: string[] }).files, [path]);
    assert.equal(readFileSync(path, 'utf8'), 'a\n');
    const { records } = await readAudit(stateRoot);
    assert.deepEqual(
      records.map(({ event }) => event),
      ['undone'],
    );
  });
});
