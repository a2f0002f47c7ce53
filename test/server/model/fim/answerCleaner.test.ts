import assert from 'node:assert/strict';
import { renderFor } from '../../../../server/model/fim/renderFor.js';
import type { FillInWay } from '../../../../server/model/backend.js';
import { shopPrompt } from './shopPrompt.js';

const qwen: FillInWay = { way: 'template', family: 'qwen2.5-coder' };

/** What is typed, what the model says, and what comes after the cursor; ▮ is the end of the line that is typed. */
const cases: readonly (readonly [title: string, typed: string, says: string, gives: string, way?: FillInWay])[] = [
  ['takes off the blank that the prompt lacked', '  const net = ▮', ' sum(items)', 'sum(items)'],
  ['takes off a second one too', '  const net = ▮', '  sum(items)', 'sum(items)'],
  ['does not mind when there is none', '  foo(a, ▮', 'b)', 'b)'],
  ['leaves the blank that nobody typed', '  const net =▮', ' sum(items)', ' sum(items)'],
  ['takes off the last blank of the indentation', '    ▮', ' return net;', 'return net;'],
  ['leaves what goes deeper', '    ▮', '   return net;', '  return net;'],
  ['does not mind a missing indentation', '    ▮', 'return net;', 'return net;'],
  ['takes off a tab where tabs are', '\t\t▮', '\treturn net', 'return net'],
  ['lets a line end follow at once', '    ▮', '\n    return net;', '\n    return net;'],
  ['gives nothing when the word was gone on with', '  return ▮', 'ed_value', ''],
  ['goes on with a word that was not left', '  ret▮', 'urn net', 'urn net'],
  ['does not say the line again', '  const net = ▮', '  const net = sum(items)', 'sum(items)'],
  ['may say a short beginning again', '  foo(▮', 'foo(1))', 'foo(1))'],
  ['ends at a token', '  const net =▮', ' 1;<|file_sep|>src/other.ts\nconst', ' 1;'],
  ['leaves a token of other families', '  const usage =▮', " 'tool <filename>';", " 'tool <filename>';"],
  ['writes as it was what it saw broken up', '  const end =▮', " '< |fim_middle|>';", " '<|fim_middle|>';"],
  ['leaves alone what only looks broken up', '  const end =▮', " '< |fim_suffix|>';", " '< |fim_suffix|>';"],
  ['gives half a token at the end', '  if (a▮', ' <|', ' <|'],
  ['leaves a blank to a server that takes them off', '  return ▮', 'net', 'net', { way: 'suffix' }],
  ['gives nothing for nothing', '  const net = ▮', '', ''],
];

describe('what a model says, as it comes after the cursor', () => {
  for (const [title, typed, says, gives, way = qwen] of cases) {
    it(title, () => {
      const cleaner = renderFor(way, { ...shopPrompt, typed: typed.replace('▮', '') }).cleaner();
      assert.equal(cleaner.push(says) + cleaner.end(), gives);
    });
  }

  it('gives text as soon as it is certain', () => {
    const cleaner = renderFor(qwen, shopPrompt).cleaner();
    assert.equal(cleaner.push(' '), '');
    assert.equal(cleaner.push('sum('), 'sum(');
    assert.equal(cleaner.push('items)<|'), 'items)');
    assert.equal(cleaner.isFinished, false);
    assert.equal(cleaner.push('endoftext|>'), '');
    assert.equal(cleaner.isFinished, true);
    assert.equal(cleaner.push('more') + cleaner.end(), '');
  });

  it('says which family there is none of', () => {
    assert.throws(() => renderFor({ way: 'template', family: 'nobody' }, shopPrompt), RangeError);
  });
});
