import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { silentLog } from '../../../../server/base/log.js';
import { ownEntries } from '../../../../server/createCore.js';
import { createTypescriptValidator } from '../../../../server/validate/typescript/createTypescriptValidator.js';
import { waitFor } from '../../../support/waitFor.js';
import { workplaceAt } from './workplace.js';
import { makeWorkspace, removeWorkspace, writeFiles } from './workspaceFolder.js';

describe('a hostile workspace and the compiler', () => {
  let folder = '';
  let outside = '';
  const trap = () => join(folder, 'sprung');
  const springs = () => `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'sprung'))}, '');\n`;

  beforeEach(() => {
    folder = makeWorkspace({
      'package.json': '{ "name": "hostile", "dependencies": { "trap": "1.0.0" } }',
      'tsconfig.json':
        '{ "extends": "trap/tsconfig.json", "compilerOptions": { "strict": true, "plugins": [{ "name": "trap" }] }, "include": ["src"] }',
      'src/a.ts': 'export const a = 1;\n',
    });
    outside = makeWorkspace({ 'secret.ts': 'export const secret = { password: 1 };\n', 'tsconfig.json': '{}' });
  });
  afterEach(() => {
    removeWorkspace(folder);
    removeWorkspace(outside);
  });

  const plant = () => {
    const code = `${springs()}module.exports = () => ({ create: info => info.languageService });\n`;
    for (const name of ['trap', 'typescript']) {
      writeFiles(folder, {
        [`node_modules/${name}/package.json`]: `{ "name": "${name}", "version": "6.0.0", "main": "index.js" }`,
        [`node_modules/${name}/index.js`]: code,
        [`node_modules/${name}/lib/typescript.js`]: code,
        [`node_modules/${name}/tsconfig.json`]: '{}',
        [`node_modules/${name}/tsconfig.js`]: code,
      });
    }
  };
  const examine = async (text: string) => {
    const validator = createTypescriptValidator({ entries: ownEntries(), log: silentLog });
    try {
      const file = { path: join(folder, 'src/a.ts'), languageId: 'typescript', text };
      return await validator.examine([file], workplaceAt(folder), new AbortController().signal);
    } finally {
      await validator.dispose();
    }
  };

  it('runs no plugin of a configuration, and no compiler of the workspace', async () => {
    plant();
    const { findings, unknown } = await examine('export const a = missing;\n');
    assert.equal(unknown, null);
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['names/unknown-name'],
    );
    assert.equal(existsSync(trap()), false);
  });

  it('would run the plugin if it did as editors do', async () => {
    plant();
    const server = createRequire(import.meta.url).resolve('typescript/lib/tsserver.js');
    const editor = spawn(process.execPath, [server, '--allowLocalPluginLoads', '--disableAutomaticTypingAcquisition'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    try {
      const open = { seq: 1, type: 'request', command: 'open', arguments: { file: join(folder, 'src/a.ts') } };
      editor.stdin.write(`${JSON.stringify(open)}\n`);
      await waitFor(() => existsSync(trap()), 50_000);
    } finally {
      editor.kill('SIGKILL');
    }
  });

  it('reads nothing outside of the workspace, by no path and by no link', async () => {
    symlinkSync(outside, join(folder, 'src/linked'));
    symlinkSync(join(outside, 'secret.ts'), join(folder, 'src/file.ts'));
    const up = join('../..', outside.slice(outside.lastIndexOf('/') + 1), 'secret');
    for (const path of ['./linked/secret', './file', up]) {
      const { findings } = await examine(`import { secret } from '${path}';\nexport const a: string = secret;\n`);
      // Whoever could read it would say that it is no string, and what it is.
      assert.ok(
        findings.every(({ message }) => !message.includes('password')),
        path,
      );
      assert.ok(
        findings.every(({ rule }) => !rule.startsWith('types/')),
        path,
      );
    }
  });

  it('reads by a link what lies inside', async () => {
    writeFiles(folder, { 'inner/secret.ts': 'export const secret = { password: 1 };\n' });
    symlinkSync(join(folder, 'inner'), join(folder, 'src/linked'));
    const { findings } = await examine(`import { secret } from './linked/secret';\nexport const a: string = secret;\n`);
    assert.match(findings[0]?.message ?? '', /password/);
  });

  it('judges no file that lies outside', async () => {
    const validator = createTypescriptValidator({ entries: ownEntries(), log: silentLog });
    try {
      const file = { path: join(outside, 'secret.ts'), languageId: 'typescript', text: 'missing;' };
      const { findings, unknown } = await validator.examine([file], workplaceAt(folder), new AbortController().signal);
      assert.deepEqual(findings, []);
      assert.match(unknown?.why ?? '', /outside/);
    } finally {
      await validator.dispose();
    }
  });
});
