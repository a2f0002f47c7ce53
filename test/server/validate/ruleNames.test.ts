import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultSettings } from '../../../server/config/resolve.js';
import { doubtsAboutRules, ruleNames } from '../../../server/validate/ruleNames.js';

const sources = fileURLToPath(new URL('../../../../server/validate', import.meta.url));
const validators = ['syntax', 'data', 'secrets', 'security', 'licences', 'typescript', 'names', 'linting'];

describe('names in gate.rules', () => {
  const cases: readonly [name: string, doubt: RegExp | null][] = [
    ['names', null],
    ['names/unknown-name', null],
    ['names/unknown-package', null],
    ['security/weak-hash', null],
    ['python/wrong-format', null],
    ['types/argument', null],
    ['licences/copyleft-header', null],
    ['eslint/no-eval', null],
    ['ruff/E501', null],
    ['tests/flaky', null],
    ['names/unknwon-name', /no rule names\/unknwon-name.* Did you mean names\/unknown-name\?$/],
    ['nmaes', /Did you mean names\?$/],
    ['scurity/weak-hash', /Did you mean security\/weak-hash\?$/],
    ['zzzzzzzz', /no rule zzzzzzzz, so that it changes nothing\.$/],
  ];
  for (const [name, doubt] of cases) {
    it(`${name}: ${doubt === null ? 'known' : 'unknown'}`, () => {
      const gate = { ...defaultSettings().gate, rules: { [name]: 'warn' as const } };
      const [said = null, ...more] = doubtsAboutRules(gate, validators);
      assert.deepEqual(more, []);
      if (doubt === null) assert.equal(said, null);
      else assert.match(said ?? '', doubt);
    });
  }

  it('are those that the sources write', () => {
    const written = new Set<string>();
    for (const path of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts')) continue;
      const text = readFileSync(join(sources, path), 'utf8');
      for (const [, rule = ''] of text.matchAll(/'((?:names|security|python)\/[a-z][a-z-]+)'/g)) written.add(rule);
    }
    assert.ok(written.size > 15);
    assert.deepEqual(
      [...written].filter(rule => !ruleNames.includes(rule)),
      [],
    );
  });
});
