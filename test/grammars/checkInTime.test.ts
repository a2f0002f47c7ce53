import assert from 'node:assert/strict';
import { createDocumentTrees } from '../../grammars/documentTrees.js';
import { createGrammars, type Grammars } from '../../grammars/parse.js';
import type { CheckResult, LeftOpen } from '../../grammars/trees.js';
import { grammarFolders } from '../support/grammarFolders.js';

/** Whenever the time of a check is over, what it has found out by then holds. */
describe('a check that runs out of time', () => {
  let grammars: Grammars;
  before(async () => {
    grammars = await createGrammars(grammarFolders);
  });

  after(() => grammars.dispose());

  /** As if the time were over after so many parses of the suggestion. */
  const checkWithin = (parses: number, before: string, text: string, mayLeaveOpen: LeftOpen): CheckResult => {
    let left = Infinity;
    const limited: Grammars = {
      ...grammars,
      parse: (grammar, content, old, options) => (left-- > 0 ? grammars.parse(grammar, content, old, options) : null),
    };
    const trees = createDocumentTrees(limited);
    trees.open({ uri: 'file:///a', path: null, languageId: 'typescript', version: 1, text: `${before}\n` });
    left = parses;
    const insertion = { start: before.length, end: before.length, text };
    try {
      return trees.check({ uri: 'file:///a', version: 1, ...insertion, mayLeaveOpen }, 10_000);
    } finally {
      trees.close('file:///a');
    }
  };

  for (const [before, text] of [
    ['const total = ', 'first(a, [b, c;'],
    ['const total = ', 'a + b;\n}\n}'],
    ['function f() {\n  ', 'return g(a;\n  h('],
    ['sum += ', '`${item'],
    ['sum += ', 'item /* and'],
  ] as const) {
    it(`keeps nothing of what it knows to be broken: ${JSON.stringify(text)}`, () => {
      const whole = checkWithin(1000, before, text, 'nothing');
      assert.notEqual(whole.verdict, 'passed');
      const verdicts: CheckResult['verdict'][] = [];
      for (let parses = 0; parses < 60; parses++) {
        const { verdict, keep } = checkWithin(parses, before, text, 'nothing');
        verdicts.push(verdict);
        if (checkWithin(parses, before, text, 'anything').verdict !== 'cut') continue;
        assert.notEqual(verdict, 'unknown', `after ${parses} parses`);
        assert.ok(keep <= whole.keep, `after ${parses} parses`);
      }
      // Once something is known it is not forgotten.
      assert.ok(
        verdicts.indexOf('unknown') === 0 && verdicts.lastIndexOf('unknown') < verdicts.findIndex(known),
        verdicts.join(),
      );
    });
  }
});

function known(verdict: CheckResult['verdict']): boolean {
  return verdict !== 'unknown';
}
