import assert from 'node:assert/strict';
import { askForVectors, newAsking } from '../../../index/embed/askForVectors.js';
import { createBatchPace } from '../../../index/embed/batchPace.js';
import { checkedVectors } from '../../../index/embed/checkedVectors.js';
import { wordingOf } from '../../../index/embed/modelWording.js';
import { cutToTokens, estimateTokens } from '../../../index/embed/textLength.js';
import { Failure } from '../../../server/base/failure.js';
import { answerByMeaning, createScriptedEmbedder } from './scriptedEmbedder.js';

describe('the pace of batches', () => {
  it('grows where a model is quick, and stays small where it is not', () => {
    const quick = createBatchPace();
    const sizes = [quick.size];
    for (let time = 0; time < 5; time++) {
      quick.answered(quick.size, 10);
      sizes.push(quick.size);
    }
    assert.deepEqual(sizes, [8, 16, 32, 64, 64, 64]);
    const slow = createBatchPace();
    slow.answered(8, 60_000);
    assert.equal(slow.size, 8);
  });

  it('is one by one after a failure, until all is well again', () => {
    const pace = createBatchPace();
    pace.failed();
    const sizes = [pace.size];
    for (let time = 0; time < 4; time++) {
      pace.answered(pace.size, 1);
      sizes.push(pace.size);
    }
    assert.deepEqual(sizes, [1, 2, 8, 16, 32]);
  });
});

describe('the tokens of a text', () => {
  const code = '  const total_price = computeTotal(items[0], 12);\n';

  it('are estimated by its words and signs', () => {
    assert.equal(estimateTokens(''), 0);
    assert.equal(estimateTokens('word'), 1);
    assert.equal(estimateTokens('readHTTPHeader'), 1 + 2 + 2);
    assert.equal(estimateTokens('x += 1000; // done\n'), 1 + 2 + 2 + 1 + 2 + 1 + 1);
  });

  it('are cut between two of them, to no more than allowed', () => {
    assert.equal(cutToTokens(code, 100), code);
    assert.equal(cutToTokens(code, 6), '  const total_');
    for (let most = 0; most < 25; most++) {
      const cut = cutToTokens(code.repeat(3), most);
      assert.ok(estimateTokens(cut) <= most);
      assert.ok(code.repeat(3).startsWith(cut));
    }
  });
});

describe('what a model answered', () => {
  const numbers = (...values: number[]) => Float32Array.from(values);

  it('is made of unit length, and zeros are no answer', () => {
    assert.deepEqual(checkedVectors([numbers(3, 4), numbers(0, 0), numbers()], 3), {
      dimensions: 2,
      vectors: [numbers(0.6, 0.8), null, null],
    });
    assert.deepEqual(checkedVectors([], 0), { dimensions: 0, vectors: [] });
  });

  for (const [what, vectors, texts] of [
    ['one too many', [numbers(1), numbers(1)], 1],
    ['several lengths', [numbers(1), numbers(1, 0)], 2],
    ['no number', [numbers(1, Number.NaN)], 1],
    ['an infinite number', [numbers(-Infinity, 1)], 1],
    ['an absurd length', [new Float32Array(1_000_000).fill(1)], 1],
  ] as const) {
    it(`is not taken: ${what}`, () => assert.throws(() => checkedVectors(vectors, texts), Failure));
  }
});

describe('the words before a text', () => {
  for (const [model, question, chunk] of [
    ['ollama/nomic-embed-text:latest', 'search_query: ', 'search_document: '],
    ['vectors/intfloat/multilingual-e5-small', 'query: ', 'passage: '],
    ['ollama/all-minilm:l6-v2', '', ''],
    ['openai/text-embedding-3-small', '', ''],
    ['local/multilingual-e5-large-instruct', '', ''],
  ] as const)
    it(`are those that ${model} was trained with`, () => assert.deepEqual(wordingOf(model), { question, chunk }));

  it('go along with each chunk, and are not cut off', async () => {
    const scripted = createScriptedEmbedder('ollama/nomic-embed-text', answerByMeaning);
    const chunk = { hash: 'a', ordinal: 0, key: 'k', text: 'evict '.repeat(1000), path: '/w/a.ts', startLine: 4 };
    const asking = newAsking(300);
    const { rows } = await askForVectors(scripted, asking, [chunk], new AbortController().signal);
    assert.equal(rows.length, 1);
    const asked = scripted.requests.flat()[0] ?? assert.fail();
    assert.ok(asked.text.startsWith('search_document: evict evict'));
    assert.ok(estimateTokens(asked.text) < 300);
    assert.deepEqual([asked.path, asked.startLine], ['/w/a.ts', 4]);
  });
});
