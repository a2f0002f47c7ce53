import assert from 'node:assert/strict';
import { silentLog } from '../../../../server/base/log.js';
import type { DocSnapshot } from '../../../../server/base/snapshot.js';
import { ownEntries } from '../../../../server/createCore.js';
import { createCodeExaminer, type CodeExaminer } from '../../../../server/validate/code/codeExaminer.js';
import { createInsertionJudge } from '../../../../server/validate/security/createInsertionJudge.js';

const never = new AbortController().signal;

/** Sources have the cursor at `|`; `shown` is what of the text may be shown. */
const cases: readonly [title: string, languageId: string, source: string, text: string, shown: string][] = [
  ['harmless code', 'python', 'def run(name):\n    |\n', 'return name.upper()', 'return name.upper()'],
  ['a built command', 'python', 'import os\n\ndef run(name):\n    |\n', 'os.system("ls " + name)', ''],
  ['a constant command', 'python', 'import os\n\ndef run(name):\n    |\n', 'os.system("ls")', 'os.system("ls")'],
  [
    'a danger in a later line',
    'python',
    'import os\n\ndef run(name):\n    |\n',
    'path = name.strip()\n    os.system("ls " + path)',
    'path = name.strip()',
  ],
  ['built code', 'javascript', 'function run(text) {\n  |\n}\n', 'return eval("(" + text + ")");', ''],
  [
    'a danger that was there before',
    'javascript',
    'function run(text) {\n  eval(text);\n  |\n}\n',
    'return text.length; // not eval',
    'return text.length; // not eval',
  ],
  ['a language without grammar', 'plaintext', 'x |', 'eval(y)', 'eval(y)'],
];

describe('dangers in what is to be inserted', function () {
  this.timeout(30_000);
  let examiner: CodeExaminer;
  before(() => {
    const { codeThread, wasmFolder, queryFolder } = ownEntries();
    examiner = createCodeExaminer({ entry: codeThread, wasmFolder, queryFolder, log: silentLog });
  });
  after(() => examiner.dispose());

  for (const [title, languageId, source, text, shown] of cases) {
    it(title, async () => {
      const judge = createInsertionJudge({ examiner, folderOf: () => '/project', deadlineMs: 20_000 });
      const { snapshot, offset } = documentOf(languageId, source);
      const keep = await judge(snapshot, { start: offset, end: offset, text }, never);
      assert.equal(text.slice(0, keep), shown);
    });
  }

  it('shows nothing that could not be judged in time, and knows it the next time', async () => {
    let answer = (): void => {};
    const slow: CodeExaminer = {
      examine: (_, signal) =>
        new Promise((resolve, reject) => {
          answer = () => resolve([[]]);
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        }),
      dispose: () => Promise.resolve(),
    };
    const { snapshot, offset } = documentOf('python', 'import os\n|\n');
    const inserted = { start: offset, end: offset, text: 'os.system(name)' };
    assert.equal(
      await createInsertionJudge({ examiner: slow, folderOf: () => null, deadlineMs: 5 })(snapshot, inserted, never),
      0,
    );
    const patient = createInsertionJudge({ examiner: slow, folderOf: () => null, deadlineMs: 20_000 })(
      snapshot,
      inserted,
      never,
    );
    answer();
    assert.equal(await patient, inserted.text.length);
  });

  it('ends with its caller', async () => {
    const asking = new AbortController();
    const slow: CodeExaminer = { examine: (_, signal) => aborted(signal), dispose: () => Promise.resolve() };
    const judge = createInsertionJudge({ examiner: slow, folderOf: () => null });
    const { snapshot, offset } = documentOf('python', 'import os\n|\n');
    const judged = judge(snapshot, { start: offset, end: offset, text: 'os.system(name)' }, asking.signal);
    asking.abort(new Error('gone'));
    await assert.rejects(judged, /gone/);
  });
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function documentOf(languageId: string, source: string): { readonly snapshot: DocSnapshot; readonly offset: number } {
  const offset = source.indexOf('|');
  const text = source.replace('|', '');
  const endings: Readonly<Record<string, string>> = { python: 'py', javascript: 'js' };
  const path = `/project/src/code.${endings[languageId] ?? 'txt'}`;
  return { snapshot: { uri: `file://${path}`, path, languageId, version: 1, text }, offset };
}
