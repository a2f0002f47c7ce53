import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { withSettingsTable } from '../../../server/config/render.js';
import { repositoryRoot } from '../../support/repositoryRoot.js';

describe('the settings table of the README', () => {
  it('is the one that the schema makes (to write it anew: UPDATE_GENERATED=1 npm test)', () => {
    const path = `${repositoryRoot}/README.md`;
    const readme = readFileSync(path, 'utf8');
    const expected = withSettingsTable(readme);
    assert.ok(expected !== null, 'README.md has no place for the table: see tableStart in server/config/render.ts');
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, expected);
    else assert.equal(readme, expected);
  });
});
