import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeChange } from '../../../server/cli/try/history.js';
import type { Recall } from '../../../index/recall/recall.js';
import { replay } from '../../bench/histories/replay.js';
import { simulateTyping } from '../../bench/histories/simulateTyping.js';

/** Notes what an engine is told, and keeps the document by its edits alone. */
class Witness implements Recall {
  text = '';
  readonly told: string[] = [];
  readonly deleted: string[] = [];

  open({ text }: Parameters<Recall['open']>[0]): void {
    this.text = text;
    this.told.push('open');
  }

  change(snapshot: Parameters<Recall['change']>[0], edits: Parameters<Recall['change']>[1]): void {
    for (const { start, end, text } of edits) {
      if (end > start) this.deleted.push(this.text.slice(start, end));
      this.text = this.text.slice(0, start) + text + this.text.slice(end);
    }
    assert.equal(this.text, snapshot.text);
  }

  close(): void {
    this.told.push('close');
  }

  suggest(): { silence: 'unsure' } {
    return { silence: 'unsure' };
  }

  updateFile(path: string, text: string | null): void {
    this.told.push(`${path}: ${text === null ? 'gone' : `${text.length} units`}`);
  }

  knows(): boolean {
    return false;
  }

  stats(): ReturnType<Recall['stats']> {
    return { files: 0, tokens: 0, vocabulary: 0, bytes: 0, leftOut: 0 };
  }
}

const head = 'const head = "long enough to be known";\n';
const options = { seed: 1, linesPerChangeSet: 100, languageId: 'javascript' };

describe('the replay of a history', () => {
  it('shows the new text up to the cursor and the old text after the hunk, and nothing of what is still to come', () => {
    const oldText = `${head}one(1);\nkeep();\ntwo(2);\n`;
    const newText = `${head}first(1);\nfirst(2);\nkeep();\nsecond(3);\n`;
    const witness = new Witness();
    const seen: string[] = [];
    const changeSet = { id: 'a', drift: [], files: [describeChange('a.js', oldText, newText)] };
    const history = { base: new Map([['a.js', oldText]]), changeSets: [changeSet] };
    replay(history, { workspace: [witness], documentOnly: [] }, options, line => {
      const { snapshot, offset } = line.typeTo(2);
      seen.push(`${snapshot.text.slice(head.length, offset)}|${snapshot.text.slice(offset)}`);
    });
    assert.deepEqual(seen, [
      'fi|\nkeep();\ntwo(2);\n',
      'first(1);\nfi|\nkeep();\ntwo(2);\n',
      'first(1);\nfirst(2);\nkeep();\nse|\n',
    ]);
    assert.deepEqual(witness.deleted, ['one(1);', 'two(2);']);
    const expected = ['/replayed/a.js: gone', 'open', 'close', `/replayed/a.js: ${newText.length} units`];
    assert.deepEqual(witness.told, expected);
    assert.equal(witness.text, newText);
  });

  it('asks nothing about files that were moved or copied', () => {
    const text = `${head}function moved() { return 1; }\n`;
    const files = [describeChange('old.js', text, null), describeChange('new.js', null, text)];
    const history = { base: new Map([['old.js', text]]), changeSets: [{ id: 'a', drift: [], files }] };
    let lines = 0;
    replay(history, { workspace: [new Witness()], documentOnly: [] }, options, () => lines++);
    assert.equal(lines, 0);
  });

  it('writes any text from any other', () => {
    const line = fc.constantFrom('', 'alpha(1);', 'beta(2);', '  gamma(3);');
    const text = fc.array(line, { maxLength: 8 }).map(lines => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (oldText, newText) => {
        const witness = new Witness();
        const files = [describeChange('a.js', oldText, newText)];
        const history = { base: new Map([['a.js', oldText]]), changeSets: [{ id: 'a', drift: [], files }] };
        // The replay itself raises an error where the text is not the new one in the end.
        replay(history, { workspace: [witness], documentOnly: [] }, options, () => {});
        if (witness.told.includes('open')) assert.equal(witness.text, newText);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe('the typing simulation', () => {
  const offer = (text: string) => ({ text, steps: [{ end: text.length, confidence: 0.9 }], inProse: false });
  const policy = { minConfidence: 0.7, minChars: 3 };

  it('counts what is accepted, less one key', () => {
    const counts = { shown: 0, accepted: 0, saved: 0, written: 0 };
    const offers = [null, offer('bcdef'), ...Array.from({ length: 4 }, () => null)];
    simulateTyping({ line: '  abcdef', indentation: 2, following: '', offers }, policy, counts);
    assert.deepEqual(counts, { shown: 1, accepted: 1, saved: 4, written: 6 });
  });

  it('keeps what is shown while it fits what is typed, and counts it once', () => {
    const counts = { shown: 0, accepted: 0, saved: 0, written: 0 };
    const offers = [offer('abXX'), offer('bXX'), offer('cXX'), offer('dXX'), null, null];
    simulateTyping({ line: 'abcdef', indentation: 0, following: '', offers }, policy, counts);
    assert.deepEqual(counts, { shown: 2, accepted: 0, saved: 0, written: 6 });
  });

  it('takes a suggestion over several lines only if all of it is right', () => {
    const counts = { shown: 0, accepted: 0, saved: 0, written: 0 };
    const record = { line: 'ab', indentation: 0, following: '\n  cd\n', offers: [offer('ab\n  cd'), null] };
    simulateTyping(record, policy, counts);
    assert.deepEqual(counts, { shown: 1, accepted: 1, saved: 3, written: 4 });
  });
});
