import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettingsFile, readWorkspaceSettings } from '../../../server/config/settingsFile.js';

describe('the settings of a workspace', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-settings-'));
    mkdirSync(join(folder, '.understudy'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are read', async () => {
    writeFileSync(join(folder, '.understudy', 'settings.json'), '{"inline": {"enabled": false}} // no');
    assert.deepEqual(await readWorkspaceSettings(folder), { values: { inline: { enabled: false } }, problem: null });
  });

  it('are empty where there are none', async () => {
    assert.deepEqual(await readWorkspaceSettings(folder), { values: null, problem: null });
  });

  it('are not read through a link that leads out, not even to something that never ends', async () => {
    symlinkSync('/dev/zero', join(folder, '.understudy', 'settings.json'));
    const { values, problem } = await readWorkspaceSettings(folder);
    assert.equal(values, null);
    assert.match(problem ?? '', /leads out of its workspace/);
  });

  it('are a file', async () => {
    mkdirSync(join(folder, '.understudy', 'settings.json'));
    assert.match((await readWorkspaceSettings(folder)).problem ?? '', /is no file/);
    assert.match((await readSettingsFile('/dev/null')).problem ?? '', /is no file/);
  });
});
