import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createRecallInProcess } from '../../../index/recall/createRecallInProcess.js';
import { voteRanker } from '../../../index/recall/voteRanker.js';

const words = [
  'alpha',
  'beta',
  'gamma(',
  ')',
  ' = ',
  ';\n',
  '\n\n',
  '\r\n',
  '  ',
  '\t',
  '"',
  '`${',
  '}',
  '/* ',
  '*/',
  '{\n',
  '\ud83d',
  '\u00e9t\u00e9',
  '0x1F',
  '\ufeff',
];
const text = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map(parts => parts.join(''));
const step = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 9 }),
  inserted: text,
  offset: fc.nat(),
  isTold: fc.boolean(),
});

/** The same cases in every run, so that a change is judged by what it changes; FUZZ_SEED=N tries others. */
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

/** What follows an edited line was looked for under the line as it had been. */
const seam: readonly (readonly [at: number, inserted: string])[] = [
  [1808118088, 'alphaalphaalpha'],
  [1025732179, '{\n;\nalpha'],
  [3134943, '"alphaalpha'],
  [0, '\r\n = '],
  [0, 'été'],
  [1504119418, '`${{\n;\n\ud83d\r\n\ufeff/* \n\n0x1F\r\n'],
  [26502939, '\r\n'],
  [231445917, '\r\n/* */'],
];

describe('suggest, on whatever there is', () => {
  it('answers every place of every text, within its bounds', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), text, fc.array(step, { maxLength: 20 }), (files, first, steps) => {
        const recall = createRecallInProcess({ ranker: voteRanker });
        files.forEach((file, i) => recall.updateFile(`/work/${i}.ts`, file));
        let snapshot = {
          uri: 'file:///work/here.ts',
          path: '/work/here.ts',
          languageId: 'typescript',
          version: 0,
          text: first,
        };
        recall.open(snapshot);
        for (const { at, length, inserted, offset: anywhere, isTold } of steps) {
          const { text: before } = snapshot;
          const start = at % (before.length + 1);
          const end = Math.min(before.length, start + length);
          const edit = { start, end, text: inserted };
          snapshot = {
            ...snapshot,
            version: snapshot.version + 1,
            text: before.slice(0, start) + inserted + before.slice(end),
          };
          if (isTold) recall.change(snapshot, [edit]);
          const offset = anywhere % (snapshot.text.length + 1);
          const answer = recall.suggest(snapshot, offset, { minConfidence: 0.2, minChars: 1, maxLines: 5 });
          if ('silence' in answer) continue;
          assert.ok(answer.start <= offset && offset <= answer.end && answer.end <= snapshot.text.length);
          assert.ok(!snapshot.text.slice(answer.start, answer.end).includes('\n'));
          assert.ok(answer.text.startsWith(snapshot.text.slice(answer.start, offset)));
          assert.ok(answer.confidence >= 0.2 && answer.confidence <= 1);
          assert.equal(answer.steps.at(-1)?.end, answer.text.length);
          assert.ok(answer.text.split('\n').length <= 5);
          answer.steps.forEach((one, i) => {
            const before = answer.steps[i - 1];
            assert.ok(before === undefined || (before.end < one.end && before.confidence >= one.confidence));
          });
        }
      }),
      { numRuns: 200, seed },
    );
  });

  it('gives after any edits what it gives for the text opened afresh', () => {
    fc.assert(
      fc.property(text, fc.array(step, { maxLength: 12 }), (first, steps) => {
        const edited = createRecallInProcess({ ranker: voteRanker });
        let snapshot = {
          uri: 'file:///work/here.ts',
          path: '/work/here.ts',
          languageId: 'typescript',
          version: 0,
          text: first,
        };
        edited.open(snapshot);
        for (const { at, inserted } of steps) {
          const start = at % (snapshot.text.length + 1);
          const edit = { start, end: start, text: inserted };
          snapshot = {
            ...snapshot,
            version: snapshot.version + 1,
            text: snapshot.text.slice(0, start) + inserted + snapshot.text.slice(start),
          };
          edited.change(snapshot, [edit]);
        }
        const options = { minConfidence: 0.4, minChars: 1, maxLines: 3 };
        for (let offset = 0; offset <= snapshot.text.length; offset += 7) {
          const afresh = createRecallInProcess({ ranker: voteRanker });
          assert.deepEqual(edited.suggest(snapshot, offset, options), afresh.suggest(snapshot, offset, options));
        }
      }),
      {
        numRuns: 40,
        seed,
        examples: [
          ['\n\n\ud83d', seam.map(([at, inserted]) => ({ at, length: 0, inserted, offset: 0, isTold: false }))],
        ],
      },
    );
  });
});
