import assert from 'node:assert/strict';
import type { SearchHit } from '../../../index/codeIndex.js';
import { createCommandLine, type CommandLine } from '../../support/commandLine.js';
import { createFakeCore } from '../../support/fakeCore.js';

describe('understudy search', () => {
  let shell: CommandLine;

  beforeEach(() => {
    shell = createCommandLine();
  });
  afterEach(() => {
    shell.remove();
  });

  const hit = (text: string, startLine = 9): SearchHit => ({
    path: 'src/settings.ts',
    folder: shell.folder,
    span: { startLine, startColumn: 0, endLine: startLine + text.split('\n').length - 1, endColumn: 1 },
    kind: 'function',
    name: 'readSettings',
    score: 0.05,
    text,
    from: 'store',
  });

  it('shows each hit as path:line, from the line that tells most', async () => {
    const text = '  function readSettings() {\n    // one\n    // two\n    // three\n    return settingsFile;\n  }';
    const { exit, stdout } = await shell.run(['search', 'settingsFile'], {
      core: createFakeCore({ hits: [hit(text)] }),
    });
    assert.equal(exit, 0);
    assert.equal(
      stdout.replace(/in .* ms/, 'in 1 ms'),
      [
        'src/settings.ts:12  readSettings function',
        '      // two',
        '      // three',
        '      return settingsFile;',
        '    }',
        '',
        '1 of the best, in 1 ms',
        '',
      ].join('\n'),
    );
  });

  it('prints the whole of a hit when asked', async () => {
    const text = Array.from({ length: 9 }, (_, at) => `line${at}`).join('\n');
    const core = createFakeCore({ hits: [hit(text)] });
    const short = await shell.run(['search', 'line0'], { core });
    assert.match(short.stdout, /… 5 more/);
    const { stdout } = await shell.run(['search', 'line0', '--full'], { core });
    assert.match(stdout, /line8/);
  });

  it('takes several words as one query', async () => {
    const asked: string[] = [];
    const core = createFakeCore({ search: query => Promise.resolve((asked.push(query), [])) });
    const { exit, stdout } = await shell.run(['search', 'read', 'the', 'file'], { core });
    assert.deepEqual(asked, ['read the file']);
    assert.equal(exit, 1);
    assert.equal(stdout, 'Nothing found for read the file.\n');
  });

  it('answers in JSON with absolute paths and ranges from 0', async () => {
    const core = createFakeCore({ hits: [hit('a')] });
    assert.deepEqual((await shell.run(['search', 'a', '--json'], { core })).json(), {
      results: [
        {
          path: `${shell.folder}/src/settings.ts`,
          range: { start: { line: 9, character: 0 }, end: { line: 9, character: 1 } },
          kind: 'function',
          name: 'readSettings',
          score: 0.05,
          text: 'a',
        },
      ],
    });
  });
});
