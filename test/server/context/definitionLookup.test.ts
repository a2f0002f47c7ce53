import assert from 'node:assert/strict';
import type { CodeIndex } from '../../../index/codeIndex.js';
import { createDefinitionLookup } from '../../../server/context/definitionLookup.js';
import { waitFor } from '../../support/waitFor.js';

describe('looking up definitions', () => {
  it('asks the index once for what is asked for twice', async () => {
    const { lookup, asked } = world();
    assert.deepEqual(await names(lookup.find(['alpha', 'beta'])), ['alpha 1', 'beta 1']);
    assert.deepEqual(await names(lookup.find(['beta'])), ['beta 1']);
    assert.deepEqual(asked, [['alpha', 'beta']]);
  });

  it('tells what it knew some seconds ago without waiting, and what is new from then on', async () => {
    const { lookup, asked, pass } = world();
    await lookup.find(['alpha']);
    pass(11_000);
    assert.deepEqual(await names(lookup.find(['alpha'])), ['alpha 1']);
    assert.equal(asked.length, 2);
    await waitFor(async () => (await names(lookup.find(['alpha']))).includes('alpha 2'));
  });

  it('waits for what is minutes old', async () => {
    const { lookup, pass } = world();
    await lookup.find(['alpha']);
    pass(301_000);
    assert.deepEqual(await names(lookup.find(['alpha'])), ['alpha 2']);
  });

  it('forgets what failed', async () => {
    const { lookup, fail } = world();
    fail(true);
    await assert.rejects(lookup.find(['alpha']));
    fail(false);
    assert.deepEqual(await names(lookup.find(['alpha'])), ['alpha 2']);
  });

  it('prepares many names in several questions, and those of the newest wish alone', async () => {
    const { lookup, asked } = world();
    lookup.prepare(Array.from({ length: 100 }, (_, at) => `first${at}`));
    lookup.prepare(['second']);
    await waitFor(() => asked.flat().includes('second'));
    assert.equal(asked[0]?.length, 40);
    assert.ok(!asked.flat().includes('first99'));
    const before = asked.length;
    await lookup.find(['first0', 'second']);
    assert.equal(asked.length, before);
  });
});

type Lookup = ReturnType<typeof createDefinitionLookup>;

async function names(found: ReturnType<Lookup['find']>): Promise<readonly string[]> {
  return (await found).map(({ name, signature }) => `${name} ${signature}`);
}

/** An index that defines every name, and says which question it was. */
function world() {
  const asked: (readonly string[])[] = [];
  let clock = 0;
  let isFailing = false;
  const index: Pick<CodeIndex, 'definitions'> = {
    async definitions(wanted) {
      const all = typeof wanted === 'string' ? [wanted] : wanted;
      asked.push(all);
      if (isFailing) throw new Error('The index fails.');
      const span = { startLine: 0, startColumn: 0, endLine: 1, endColumn: 0 };
      const signature = String(asked.length);
      return all.map(name => ({
        name,
        kind: 'function',
        span,
        nameSpan: span,
        signature,
        container: '',
        path: 'a.ts',
      }));
    },
  };
  const lookup = createDefinitionLookup({
    folders: () => ['/folder'],
    index: () => index as CodeIndex,
    now: () => clock,
  });
  return {
    lookup,
    asked,
    pass: (ms: number) => void (clock += ms),
    fail: (value: boolean) => void (isFailing = value),
  };
}
