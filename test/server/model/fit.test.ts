import assert from 'node:assert/strict';
import { fitPrompt } from '../../../server/model/fit.js';
import { estimateTokens, fileOf, filesOfFillIn, textOfFillIn } from '../../../server/model/outgoing.js';
import type { FillInPrompt, Passage } from '../../../server/model/prompt.js';
import { promptOf } from './support/gateway.js';

const passage = (name: string): Passage => ({
  path: `/work/${name}.ts`,
  label: `${name}.ts`,
  startLine: 3,
  text: `export const ${name} = 1;\n`.repeat(20),
  source: 'similar',
});
const lines = (name: string): string =>
  Array.from({ length: 400 }, (_, at) => `const ${name}${at} = ${at};\n`).join('');

describe('a prompt for a smaller model than it was made for', () => {
  it('stays as it is where it fits', () => {
    const prompt = promptOf({ related: [passage('one')] });
    assert.equal(fitPrompt(prompt, 1000), prompt);
  });

  it('loses related code first, from the end', () => {
    const prompt = promptOf({ related: [passage('one'), passage('two'), passage('three')] });
    const fitted = fitPrompt(prompt, 320);
    assert.deepEqual(
      fitted.related.map(({ label }) => label),
      ['one.ts', 'two.ts'],
    );
    assert.equal(fitted.prefix, prompt.prefix);
  });

  it('then whole lines far from the cursor, which still tell what is a secret, and says where it begins', () => {
    const before = lines('before');
    const after = lines('after');
    const around = { before: 'zero\n', after: 'last\n' };
    const prompt: FillInPrompt = promptOf({ prefix: before, suffix: after, startLine: 7, around });
    const fitted = fitPrompt(prompt, 600);
    assert.ok(estimateTokens(textOfFillIn(fitted)) <= 720);
    assert.ok(before.endsWith(fitted.prefix) && after.startsWith(fitted.suffix));
    assert.ok(fitted.prefix.startsWith('const before') && fitted.suffix.endsWith(';\n'));
    assert.ok(fitted.prefix.length > fitted.suffix.length && fitted.suffix.length > 100);
    assert.equal(fitted.around?.before + fitted.prefix, `zero\n${before}`);
    assert.equal(fitted.suffix + (fitted.around?.after ?? ''), `${after}last\n`);
    assert.equal(fitted.startLine, 7 + 400 - (fitted.prefix.split('\n').length - 1));
  });

  it('keeps the cursor’s line, however long', () => {
    const typed = 'x'.repeat(9000);
    const fitted = fitPrompt(promptOf({ typed }), 300);
    assert.deepEqual([fitted.typed, fitted.prefix, fitted.suffix], [typed, '', '']);
  });
});

describe('the files of a prompt', () => {
  it('are named with the lines that were sent', () => {
    const prompt = promptOf({
      prefix: 'a\r\nb\r\n',
      typed: 'cd',
      suffix: 'e\r\nfgh',
      startLine: 5,
      related: [passage('one')],
    });
    assert.deepEqual(filesOfFillIn(prompt), [
      { path: '/work/a.ts', range: { start: { line: 5, character: 0 }, end: { line: 8, character: 3 } } },
      { path: '/work/one.ts', range: { start: { line: 3, character: 0 }, end: { line: 23, character: 0 } } },
    ]);
  });

  it('of an extract with all the lines it was drawn from', () => {
    const extract = { ...passage('one'), text: 'class One { ... }\n', drawnFrom: { startLine: 3, endLine: 90 } };
    assert.deepEqual(fileOf(extract).range, { start: { line: 3, character: 0 }, end: { line: 90, character: 0 } });
  });
});
