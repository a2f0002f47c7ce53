import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { silentLog } from '../../../server/base/log.js';
import { ownEntries } from '../../../server/createCore.js';
import { withGateTables } from '../../../server/validate/render.js';
import { createValidators } from '../../../server/validate/validators.js';
import { repositoryRoot } from '../../support/repositoryRoot.js';

describe('the tables of the gate in the README', () => {
  const validators = createValidators({ entries: ownEntries(), env: {}, log: silentLog });

  it('are those that validators and policy make (to write them anew: UPDATE_GENERATED=1 npm test)', () => {
    const path = `${repositoryRoot}/README.md`;
    const readme = readFileSync(path, 'utf8');
    const expected = withGateTables(readme, validators);
    assert.ok(expected !== null, 'README.md has no place for the tables: see gateStart in server/validate/render.ts');
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, expected);
    else assert.equal(readme, expected);
  });

  it('name each validator once', () => {
    const ids = validators.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
});
