import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FillInWay } from '../../../../server/model/backend.js';
import { fimFamilies } from '../../../../server/model/fim/families.js';
import { renderFor } from '../../../../server/model/fim/renderFor.js';
import type { FillInPrompt } from '../../../../server/model/prompt.js';
import { shopPrompt } from './shopPrompt.js';

/**
 * Each file is what one model gets to see of the same hole, ∎ at its end, and what would stop its answer. UPDATE_GOLDEN=1
 * writes them all anew.
 */
const folder = join('test', 'golden', 'fim');

const alone: FillInPrompt = { ...shopPrompt, related: [] };

const cases: ReadonlyMap<string, () => string> = new Map([
  ...fimFamilies.flatMap(({ name }): [string, () => string][] => [
    [`${name}-file`, () => show({ way: 'template', family: name }, alone)],
    [`${name}-repository`, () => show({ way: 'template', family: name }, shopPrompt)],
  ]),
  ['continue', () => show({ way: 'continue' }, shopPrompt)],
  ['suffix', () => show({ way: 'suffix' }, shopPrompt)],
  ['chat', () => show({ way: 'chat' }, shopPrompt)],
]);

describe('a hole, as each family of models is shown it', () => {
  for (const [name, draw] of cases) {
    it(name, () => {
      const path = join(folder, `${name}.txt`);
      const actual = draw();
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, actual);
      assert.equal(actual, readFileSync(path, 'utf8'));
    });
  }

  it('has no picture of a family that is gone', () => {
    const files = readdirSync(folder).map(file => file.replace(/\.txt$/, ''));
    assert.deepEqual(files.toSorted(), [...cases.keys()].toSorted());
  });
});

function show(way: FillInWay, prompt: FillInPrompt): string {
  const rendered = renderFor(way, prompt);
  const stops = rendered.stop.map(stop => JSON.stringify(stop)).join('  ');
  const texts =
    rendered.kind === 'chat'
      ? rendered.messages.map(({ role, content }) => `--- ${role}\n${content}∎\n`)
      : [
          `--- prompt\n${rendered.prompt}∎\n`,
          ...(rendered.kind === 'suffix' ? [`--- suffix\n${rendered.suffix}∎\n`] : []),
        ];
  return `${texts.join('')}--- stops at\n${stops}\n`;
}
