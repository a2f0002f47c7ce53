import assert from 'node:assert/strict';
import { createHashedEmbedder, hashedVector } from '../../../index/embed/hashedEmbedder.js';
import { createCatalogue, entryRows, readEntry, type Catalogue, type Entry } from '../../../index/store/catalogue.js';
import { contentsToPurge } from '../../../index/store/maintenance.js';
import { symbolRank } from '../../../index/store/symbolRank.js';
import { chunkEmbeddingText, chunkWords, symbolWords } from '../../../index/store/wording.js';
import { createWordRows } from '../../../index/store/wordRows.js';
import { contentOf, recordOf } from './samples.js';

const dayMs = 86_400_000;

describe('what is purged', () => {
  /** `live` and `dead` contents of a hundred chunks; the i-th dead one died at i milliseconds. */
  function catalogueOf(live: number, dead: number): Catalogue {
    const catalogue = createCatalogue();
    const content = (hash: string): Entry => ({ kind: 'content', hash, chunks: 100, symbols: 0 });
    for (let index = 0; index < live; index += 1) {
      const file = { ...recordOf({ path: `${index}.ts`, source: '' }), hash: `live${index}` };
      catalogue.apply([content(file.hash), { kind: 'file', file }], 0);
    }
    for (let index = 0; index < dead; index += 1) catalogue.apply([content(`dead${index}`)], index);
    return catalogue;
  }

  it('is nothing while the dead are few and young', () =>
    assert.deepEqual(contentsToPurge(catalogueOf(10, 4), 100), []));

  it('is what has been dead for a week', () =>
    assert.deepEqual(contentsToPurge(catalogueOf(10, 4), 7 * dayMs + 1), ['dead0', 'dead1']));

  it('is the longest dead when they are more than half of the living', () =>
    assert.deepEqual(contentsToPurge(catalogueOf(20, 12), 100), [
      'dead0',
      'dead1',
      'dead2',
      'dead3',
      'dead4',
      'dead5',
      'dead6',
    ]));

  it('is never a content that a file has', () =>
    assert.ok(contentsToPurge(catalogueOf(1, 50), 9 * dayMs).every(hash => hash.startsWith('dead'))));
});

describe('the catalogue', () => {
  const entries: Entry[] = [
    { kind: 'content', hash: 'a', chunks: 2, symbols: 1 },
    { kind: 'references', hash: 'a', rows: 5 },
    { kind: 'file', file: { path: "it's.ts", size: 1, mtimeMs: 2.5, hash: 'a', language: 'typescript' } },
    { kind: 'file', file: { path: 'b.ts', size: 1, mtimeMs: 2, hash: 'a', language: 'typescript' } },
    { kind: 'removed', path: 'b.ts' },
  ];

  it('says the same when its log is shortened', () => {
    const catalogue = createCatalogue();
    catalogue.apply(entries, 7);
    const again = createCatalogue();
    again.apply(catalogue.snapshot().entries, 7);
    assert.deepEqual([...again.files.values()], [...catalogue.files.values()]);
    assert.deepEqual(again.expected(), { chunks: 2, symbols: 1, references: 5 });
    assert.deepEqual(again.liveCounts(), { chunks: 2, symbols: 1 });
  });

  it('reads back each entry, and none that was changed', () => {
    const { columns } = entryRows(entries, [1, 2, 3, 4, 5], 10);
    const row = (index: number) => Object.fromEntries(columns.map(column => [column.name, column.values[index]]));
    const read = entries.map((_, index) => readEntry(row(index))?.entry);
    assert.deepEqual(read, entries);
    assert.equal(readEntry({ ...row(2), path: 'other.ts' }), null);
  });
});

describe('hashed vectors', () => {
  const dot = (left: Float32Array, right: Float32Array) =>
    left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);

  it('are of unit length, or zero without words', () => {
    const vector = hashedVector('parse the header');
    assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-5);
    assert.ok(hashedVector('{ } ;').every(value => value === 0));
  });

  it('bring kin together', () => {
    const wanted = hashedVector('serialisation of a record');
    assert.ok(dot(wanted, hashedVector('function serialiseRecord(record)')) > 0.3);
    assert.ok(dot(wanted, hashedVector('function openSocket(port)')) < 0.2);
  });

  it('are the same from numbered words as from a text', async () => {
    const { chunks } = contentOf(
      'parseHeader: reads a header\nother: line, parseHTTPHeaders2\n' +
        'größe = données + 数据_長さ // the a of it it it\n\ud800 $scope _private a.b.c ÄußereTeile',
    );
    const embedder = createHashedEmbedder();
    const rows = createWordRows(embedder);
    const fromTexts = await embedder.embed(chunks.map(chunkEmbeddingText), new AbortController().signal);
    // The second time from what was numbered before.
    for (let round = 0; round < 2; round++) {
      const { words, vectors } = await rows.chunks(chunks);
      assert.deepEqual(words, chunks.map(chunkWords));
      assert.deepEqual(vectors, Float32Array.from(fromTexts.flatMap(vector => [...vector])));
    }
    assert.ok(chunks.length > 0);
  });

  it('and words stay the same when the table of words is full', async () => {
    const rows = createWordRows(createHashedEmbedder());
    const line = (at: number) => Array.from({ length: 100 }, (_, word) => `name${at}x${word}`).join(' ');
    const { chunks } = contentOf(Array.from({ length: 600 }, (_, at) => line(at)).join('\n'));
    const { words } = await rows.chunks(chunks);
    assert.deepEqual(words, chunks.map(chunkWords));
    const again = await rows.chunks(chunks.slice(0, 2));
    assert.deepEqual(again.words, words.slice(0, 2));
  });
});

describe('the words of symbols', () => {
  it('are the same in a row as one by one', () => {
    const { symbols } = contentOf('parseHeader: reads a header\nother: line');
    const odd = symbols.flatMap(symbol => [
      symbol,
      { ...symbol, name: '_', signature: '', container: 'Outer.innerPart' },
      {
        ...symbol,
        name: 'the_HTTPServer',
        signature: 'function the_HTTPServer(of: Outer)',
        container: 'Outer.innerPart',
      },
    ]);
    assert.deepEqual(
      createWordRows(createHashedEmbedder()).symbols(odd),
      odd.map(symbol => symbolWords(symbol)),
    );
  });
});

describe('the rank of a symbol', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['openFile', 'openFile', 'openFiles'],
    ['openfile', 'openFile', 'fileOpened'],
    ['where is openFile called when the list is empty', 'openFile', 'list'],
    ['open', 'open', 'opening'],
    ['ope', 'open', 'reopen'],
  ];
  for (const [query, better, worse] of cases) {
    it(`puts ${better} before ${worse} for "${query}"`, () => {
      const rank = symbolRank(query);
      assert.ok(rank(better, 5) > rank(worse, 5));
    });
  }

  it('takes a plain word in a sentence for prose', () => {
    const rank = symbolRank('returns the list of all open files');
    assert.equal(rank('list', 5), 5);
  });
});
