import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FillInWay } from '../../../../server/model/backend.js';
import { specialTokens } from '../../../../server/model/fim/defuse.js';
import { fimFamilies } from '../../../../server/model/fim/families.js';
import type { Rendered } from '../../../../server/model/fim/rendered.js';
import { renderFor } from '../../../../server/model/fim/renderFor.js';
import type { FillInPrompt } from '../../../../server/model/prompt.js';
import { shopPrompt } from './shopPrompt.js';

const ways: readonly FillInWay[] = [
  ...fimFamilies.map(({ name }): FillInWay => ({ way: 'template', family: name })),
  { way: 'continue' },
  { way: 'suffix' },
  { way: 'chat' },
];
const way = fc.constantFrom(...ways);

/** Tokens, halves of them, and what surrounds them. */
const token = fc.constantFrom(...specialTokens, '<|tool_call|>', '<｜User｜>');
const half = fc.tuple(token, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()).map(([text, share, isStart]) => {
  const at = Math.floor(text.length * share);
  return isStart ? text.slice(0, at) : text.slice(at);
});
const word = fc.constantFrom(
  'a',
  ' ',
  '\n',
  '<',
  '|',
  '>',
  '<|',
  '|>',
  '[',
  ']',
  '<｜',
  '＜',
  'total',
  '{typed}',
  '$&',
  '\t',
  '😀',
);
const text = fc.array(fc.oneof(token, half, half, word), { maxLength: 12 }).map(parts => parts.join(''));

const anyPrompt: fc.Arbitrary<FillInPrompt> = fc
  .record({
    languageId: fc.constantFrom('typescript', 'python', 'html', 'nothing known'),
    label: text,
    repository: text,
    prefix: text,
    typed: text.map(line => line.replaceAll('\n', ' ')),
    suffix: text,
    related: fc.array(fc.record({ label: text, text }), { maxLength: 3 }),
  })
  .map(parts => ({
    ...parts,
    path: null,
    startLine: 0,
    related: parts.related.map(passage => ({ ...passage, path: null, startLine: 0, source: 'any' })),
  }));

describe('a prompt made of any text', () => {
  it('holds each special token exactly as often as its form does', () => {
    fc.assert(
      fc.property(way, anyPrompt, (anyWay, prompt) => {
        const bare = textOf(renderFor(anyWay, withoutText(prompt)));
        const full = textOf(renderFor(anyWay, prompt));
        for (const special of [...specialTokens, '<|tool_call|>', '<｜User｜>']) {
          assert.equal(count(full, special), count(bare, special), `${special} in ${JSON.stringify(full)}`);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('has before what is typed nothing that changes while it is typed, and next to nothing behind', () => {
    const line = fc.stringMatching(/^[a-z(){};= ]{0,20}$/);
    fc.assert(
      fc.property(way, line, (anyWay, typed) => {
        const marked = textOf(renderFor(anyWay, { ...shopPrompt, typed: '@' }));
        const at = marked.lastIndexOf('@');
        const behind = marked.slice(at + 1);
        const kept = anyWay.way === 'chat' ? typed : typed.replace(/ $/, '');
        assert.equal(textOf(renderFor(anyWay, { ...shopPrompt, typed })), marked.slice(0, at) + kept + behind);
        if (anyWay.way === 'template' && anyWay.family !== 'codellama') assert.ok(behind.length < 40, behind);
      }),
    );
  });

  it('never asks for more than four stops, and never for an empty one', () => {
    for (const anyWay of ways) {
      const { stop } = renderFor(anyWay, shopPrompt);
      assert.ok(stop.length > 0 && stop.length <= 4 && stop.every(mark => mark !== ''));
    }
  });
});

describe('an answer made of any text', () => {
  const pieces = fc.array(
    fc.oneof(
      token,
      half,
      word,
      fc.constantFrom(
        '<fill>',
        '</fill>',
        '<think>',
        '</think>',
        '```ts\n',
        '\n```',
        'Here is it:',
        'const net = ',
        '\n  return withTax(net, country);',
        'const',
        ' compute()',
      ),
    ),
    { maxLength: 14 },
  );

  it('is cleaned the same, however it is cut into chunks', () => {
    fc.assert(
      fc.property(way, pieces, fc.array(fc.nat(7), { minLength: 1 }), (anyWay, parts, sizes) => {
        const rendered = renderFor(anyWay, shopPrompt);
        const answer = parts.join('');
        const whole = rendered.cleaner();
        const expected = whole.push(answer) + whole.end();
        const cut = rendered.cleaner();
        let actual = '';
        for (let at = 0, index = 0; at < answer.length; index += 1) {
          const size = (sizes[index % sizes.length] ?? 0) + 1;
          actual += cut.push(answer.slice(at, at + size));
          at += size;
        }
        actual += cut.end();
        assert.equal(actual, expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('adds nothing once it says that it is finished', () => {
    fc.assert(
      fc.property(way, pieces, pieces, (anyWay, parts, more) => {
        const { cleaner } = renderFor(anyWay, shopPrompt);
        const one = cleaner();
        const given = one.push(parts.join(''));
        if (!one.isFinished) return;
        const other = cleaner();
        const same = other.push(parts.join('')) + other.push(more.join(''));
        assert.equal(same + other.end(), given + one.end());
      }),
      { numRuns: 1000 },
    );
  });

  it('never lets one of the model’s own tokens through', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fimFamilies), pieces, (family, parts) => {
        const cleaner = renderFor({ way: 'template', family: family.name }, { ...shopPrompt, related: [] }).cleaner();
        const cleaned = cleaner.push(parts.join('')) + cleaner.end();
        for (const end of [...family.stop, ...family.special])
          assert.ok(!cleaned.includes(end), `${end} in ${cleaned}`);
      }),
      { numRuns: 1000 },
    );
  });
});

function textOf(rendered: Rendered): string {
  if (rendered.kind === 'raw') return rendered.prompt;
  if (rendered.kind === 'suffix') return rendered.prompt + '\0' + rendered.suffix;
  return rendered.messages.map(({ content }) => content).join('\0');
}

/** The same shape, with nothing of a person's in it. */
function withoutText(prompt: FillInPrompt): FillInPrompt {
  const related = prompt.related.map(passage => ({ ...passage, label: '', text: '' }));
  return { ...prompt, label: '', repository: '', prefix: '', typed: '', suffix: '', related };
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
