import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../../../server/base/log.js';
import { defaultSettings } from '../../../../server/config/resolve.js';
import { ownEntries } from '../../../../server/createCore.js';
import { createNamesValidator } from '../../../../server/validate/names/createNamesValidator.js';

describe('names where a language is not installed', function () {
  this.timeout(60_000);

  it('are said to be unknown, with what to do', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-names-')));
    const validator = createNamesValidator({ entries: ownEntries(), log: silentLog, env: { PATH: '' }, home: folder });
    try {
      const { unknown } = await validator.examine(
        [{ path: join(folder, 'src/lib.rs'), languageId: 'rust', text: 'pub fn f() -> u32 { 1 }\n' }],
        { folder, isTrusted: false, index: null, gate: defaultSettings().gate },
        new AbortController().signal,
      );
      // A distribution may have put it where everybody finds it.
      const isThere = existsSync('/usr/lib/rustlib/src/rust/library/std/src/lib.rs');
      const remedy = 'Install it with rustup component add rust-src.';
      assert.equal(unknown?.remedy ?? null, isThere ? null : remedy);
    } finally {
      await validator.dispose?.();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are judged in the others of its package where one file is nested without end', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-names-')));
    const validator = createNamesValidator({ entries: ownEntries(), log: silentLog, env: { PATH: '' }, home: folder });
    const texts = {
      'deep.go': `package a\n\nvar deep = ${'('.repeat(100_000)}1${')'.repeat(100_000)}\n`,
      'use.go': 'package a\n\nfunc f() int { g(); return deep }\n',
    };
    try {
      const { findings, unknown } = await validator.examine(
        Object.entries(texts).map(([name, text]) => ({ path: join(folder, name), languageId: 'go', text })),
        { folder, isTrusted: false, index: null, gate: defaultSettings().gate },
        new AbortController().signal,
      );
      assert.deepEqual(
        findings.map(({ path, message }) => [path, message]),
        [[join(folder, 'use.go'), 'Nothing here is called g.']],
      );
      assert.deepEqual(unknown?.files, [join(folder, 'deep.go')]);
      assert.match(unknown.why, /deep\.go is nested too deeply/);
    } finally {
      await validator.dispose?.();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
