import assert from 'node:assert/strict';
import { examineApart, examineEach, fileNotJudged, joinUnknown, type Fallen } from '../../../server/validate/apart.js';
import type { Examined, SourceFile } from '../../../server/validate/validator.js';

const never = new AbortController().signal;

/** A checker that finds the word `bad`, and that texts with `kill` bring down. */
function checker(knowsWhere: boolean) {
  const asked: string[][] = [];
  return {
    asked,
    ask: async (files: readonly SourceFile[]): Promise<Examined | Fallen> => {
      asked.push(files.map(({ path }) => path));
      const killer = files.find(({ text }) => text.includes('kill'));
      if (killer !== undefined) return { fellOver: 'kills it', remedy: null, at: knowsWhere ? killer.path : null };
      return {
        findings: files
          .filter(({ text }) => text === 'bad')
          .map(({ path }) => ({
            rule: 'words/bad',
            severity: 'low',
            path,
            start: 0,
            end: 3,
            message: 'Bad.',
            fix: null,
          })),
        unknown: null,
      };
    },
  };
}

describe('a file that brings its checker down', () => {
  for (const knowsWhere of [true, false]) {
    it(`alone is unknown, where it is ${knowsWhere ? '' : 'not '}known which it was`, async () => {
      const { ask, asked } = checker(knowsWhere);
      const { findings, unknown } = await examineApart(files(100, 37), ask, never);
      assert.equal(findings.length, 99);
      assert.deepEqual(unknown?.files, ['/w/37']);
      assert.equal(unknown.why, '/w/37 kills it.');
      assert.ok(asked.length < 20, `${asked.length} questions`);
    });
  }

  it('does not hide a second one', async () => {
    const { findings, unknown } = await examineApart(files(50, 3, 49), checker(false).ask, never);
    assert.equal(findings.length, 48);
    assert.deepEqual(unknown?.files, ['/w/3', '/w/49']);
    assert.equal(unknown.why, '/w/3, /w/49: each kills it.');
  });

  it('costs a limited number of falls; what was not asked about is named', async () => {
    const all = Array.from({ length: 60 }, (_, at) => at);
    const { ask, asked } = checker(true);
    const { findings, unknown } = await examineApart(files(61, ...all), ask, never, { mostFalls: 8 });
    assert.equal(asked.length, 8);
    assert.deepEqual(findings, []);
    assert.equal(unknown?.files?.length, 61);
    assert.match(unknown.why, /failed 8 times, so that it was not asked about .* more\./);
  });

  it('takes none along where each is asked about by itself', async () => {
    const { ask } = checker(true);
    const { findings, unknown } = await examineEach(files(100, 0, 1, 2, 99), file => ask([file]), never);
    assert.equal(findings.length, 96);
    assert.equal(unknown?.files?.length, 4);
  });

  it('ends with its caller', async () => {
    const asking = new AbortController();
    const ask = (): Promise<Fallen> => {
      asking.abort(new Error('gone'));
      return Promise.resolve({ fellOver: 'kills it', remedy: null, at: null });
    };
    await assert.rejects(examineApart(files(4), ask, asking.signal), /gone/);
  });
});

describe('several reasons', () => {
  it('are said once each, with what to do and all the files', () => {
    const joined = joinUnknown([
      fileNotJudged({ path: '/a' }, 'is too long', 'Split it.'),
      { why: 'The tool is old.', remedy: 'Renew it.', missing: 'tool' },
      fileNotJudged({ path: '/b' }, 'is too long', 'Split it.'),
    ]);
    assert.deepEqual(joined, {
      why: '/a, /b: each is too long. The tool is old.',
      remedy: 'Split it. Renew it.',
      missing: 'tool',
      files: ['/a', '/b'],
    });
    assert.equal(joinUnknown([]), null);
  });
});

function files(count: number, ...killers: readonly number[]): readonly SourceFile[] {
  return Array.from({ length: count }, (_, at) => ({
    path: `/w/${at}`,
    languageId: '',
    text: killers.includes(at) ? 'kill' : 'bad',
  }));
}
