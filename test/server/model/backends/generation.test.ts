import assert from 'node:assert/strict';
import { startGeneration, type AnswerPart } from '../../../../server/model/backends/generation.js';
import { createHoleCleaner } from '../../../../server/model/chatPromptCleaner.js';
import type { FillInPrompt } from '../../../../server/model/prompt.js';

const hole: FillInPrompt = {
  languageId: 'python',
  path: null,
  label: 'a.py',
  repository: 'r',
  related: [],
  prefix: 'def total(items):\n',
  typed: '    return sum(',
  suffix: ')\n',
  startLine: 0,
};

async function read(parts: readonly AnswerPart[]): Promise<string> {
  async function* stream(): AsyncGenerator<AnswerPart> {
    yield* parts;
  }
  const generation = startGeneration({
    host: 'scripted',
    timeouts: { headersMs: 10_000, idleMs: 10_000 },
    reader: createHoleCleaner(hole),
    maxTokens: 100,
    signal: new AbortController().signal,
    parts: stream,
  });
  let text = '';
  for await (const piece of generation) text += piece;
  return text;
}

describe('a generation of a chat model', () => {
  it('gives all of the answer where the server lets the closing tag through', async () => {
    const answers = ['<fill>item.amount for item in items</fill>', '<fill>item.amount for item in items'];
    for (const answer of answers)
      assert.equal(await read([{ text: answer }, { stop: 'stop' }]), 'item.amount for item in items');
  });

  it('takes nothing that comes after the closing tag', async () => {
    const parts = [
      { text: '<fill>items</fi' },
      { text: 'll> as you asked' },
      { text: ' and more' },
      { stop: 'stop' as const },
    ];
    assert.equal(await read(parts), 'items');
  });
});
