import assert from 'node:assert/strict';
import { licenceLists } from '../../../server/config/licenceSetting.js';

describe('the setting of licences', () => {
  const tighten = (current: object, asked: object) => {
    const [left, right] = [current, asked].map(lists => ({ allow: [], deny: [], ...lists }));
    assert.ok(left !== undefined && right !== undefined);
    return licenceLists.tighten?.(left, right);
  };

  it('is two lists of identifiers', () => {
    assert.deepEqual(licenceLists.read({ allow: ['MIT'] }), { value: { allow: ['MIT'], deny: [] } });
    assert.ok('problem' in licenceLists.read({ allow: 'MIT' }));
    assert.ok('problem' in licenceLists.read({ deny: [1] }));
    assert.ok('problem' in licenceLists.read(['MIT']));
  });

  it('lets a workspace only make them stricter', () => {
    assert.deepEqual(tighten({}, { allow: ['MIT'] }), { allow: [], deny: [] });
    assert.deepEqual(tighten({ allow: ['MIT', 'ISC'] }, { allow: ['MIT', 'GPL-3.0'] }), { allow: ['MIT'], deny: [] });
    assert.deepEqual(tighten({ allow: ['MIT'] }, { allow: ['GPL-3.0'] }), { allow: ['MIT'], deny: [] });
    assert.deepEqual(tighten({ allow: ['MIT'] }, {}), { allow: ['MIT'], deny: [] });
    assert.deepEqual(tighten({ deny: ['ISC'] }, { deny: ['MIT'] }), { allow: [], deny: ['ISC', 'MIT'] });
  });
});
