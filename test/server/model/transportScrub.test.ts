import assert from 'node:assert/strict';
import { scrub, textsOf } from '../../../server/model/transportScrub.js';

const code = 'const quarterlyTotal = sumInvoices(rows);\nprint("größe")';
const secret = 'sk-live-1234567890abcdef';

const cases: readonly (readonly [said: string, shown: string])[] = [
  [
    'model requires more system memory (4.0 GiB) than is available',
    'model requires more system memory (4.0 GiB) than is available',
  ],
  ['failed to parse: const quarterlyTotal = sumInvoices(rows);', 'failed to parse: …);'],
  ['failed at "…\\nprint(\\"größe\\")"', 'failed at "… )"'],
  ['unexpected quarterlyTo', 'unexpected …'],
  ['unexpected terlyTotal', 'unexpected …'],
  ['QUARTERLYTOTAL is too long', '… is too long'],
  [`Incorrect API key: ${secret}`, 'Incorrect API key: …'],
  ['Incorrect API key: sk-liv****************cdef', 'Incorrect API key: …'],
  ['line one\nline two', 'line one line two'],
  ['', ''],
];

describe('what a server says of an error', () => {
  for (const [said, shown] of cases) {
    it(`is shown as ${JSON.stringify(shown)}`, () => {
      assert.equal(scrub(said, [code], [secret]), shown);
    });
  }

  it('is short', () => {
    assert.ok(scrub('word '.repeat(1000), []).length <= 201);
  });

  it('is compared with every text of a request but the name of its model', () => {
    const body = { model: 'coder', prompt: 'a', messages: [{ role: 'user', content: ['b', { text: 'c' }] }], n: 1 };
    assert.deepEqual(textsOf(JSON.stringify(body)), ['a', 'user', 'b', 'c']);
    assert.deepEqual(textsOf('not json'), ['not json']);
    assert.deepEqual(textsOf(null), []);
  });
});
