import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { silentLog } from '../../../../server/base/log.js';
import { ownEntries } from '../../../../server/createCore.js';
import {
  createTypescriptValidator,
  type TypescriptValidator,
  type TypescriptValidatorOptions,
} from '../../../../server/validate/typescript/createTypescriptValidator.js';
import { waitFor } from '../../../support/waitFor.js';
import { workplaceAt } from './workplace.js';
import { makeWorkspace, removeWorkspace, writeFiles } from './workspaceFolder.js';

const project = {
  'tsconfig.json': '{ "compilerOptions": { "strict": true }, "include": ["src"] }',
  'package.json': '{ "name": "sample" }',
  'src/shapes.ts': 'export const unit = 1;\n',
};
const usesUnit = `import { unit } from './shapes';\nexport const a = unit;\n`;

describe("the compiler's process", () => {
  let folder = '';
  let validator: TypescriptValidator | null = null;
  beforeEach(() => {
    folder = makeWorkspace(project);
  });
  afterEach(async () => {
    await validator?.dispose();
    removeWorkspace(folder);
  });

  const start = (options: Partial<TypescriptValidatorOptions> = {}): TypescriptValidator => {
    validator = createTypescriptValidator({ entries: ownEntries(), log: silentLog, ...options });
    return validator;
  };
  const examine = (started: TypescriptValidator, text: string, signal = new AbortController().signal) =>
    started.examine(
      [{ path: join(folder, 'src/case.ts'), languageId: 'typescript', text }],
      workplaceAt(folder),
      signal,
    );
  const rulesOf = async (started: TypescriptValidator, text: string) =>
    (await examine(started, text)).findings.map(({ rule }) => rule);

  it('is not there before the first question, and ends when nobody has asked for a while', async () => {
    const started = start({ idleMs: 50 });
    assert.equal(started.pid(), null);
    assert.deepEqual(await rulesOf(started, usesUnit), []);
    await waitFor(() => started.pid() === null);
    assert.deepEqual(await rulesOf(started, `${usesUnit}missing();`), ['names/unknown-name']);
  });

  it('leaves nothing behind when it is closed', async () => {
    const started = start();
    await examine(started, usesUnit);
    const pid = started.pid() ?? 0;
    await started.dispose();
    assert.throws(() => process.kill(pid, 0));
  });

  it('is waited for by a program that has nothing else to do', () => {
    const program = `
      const { createTypescriptValidator } = await import(${JSON.stringify(new URL('../../../../server/validate/typescript/createTypescriptValidator.js', import.meta.url).href)});
      const { ownEntries } = await import(${JSON.stringify(new URL('../../../../server/createCore.js', import.meta.url).href)});
      const log = { error() {}, warn() {}, info() {}, debug() {} };
      const validator = createTypescriptValidator({ entries: ownEntries(), log });
      const folder = ${JSON.stringify(folder)};
      const file = { path: folder + '/src/case.ts', languageId: 'typescript', text: 'missing();' };
      const { findings } = await validator.examine([file], { folder }, new AbortController().signal);
      await validator.dispose();
      process.stdout.write(findings.map(({ rule }) => rule).join());`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    assert.deepEqual([ended.status, ended.stdout], [0, 'names/unknown-name']);
  });

  it('is started again after it was killed, and what was under way is unknown', async () => {
    const started = start();
    await examine(started, usesUnit);
    const under = examine(started, `${usesUnit}// more\n`);
    process.kill(started.pid() ?? 0, 'SIGKILL');
    const { findings, unknown } = await under;
    assert.deepEqual(findings, []);
    assert.match(unknown?.why ?? '', /ended/);
    assert.deepEqual(await rulesOf(started, `${usesUnit}missing();`), ['names/unknown-name']);
  });

  it('is left alone for a while when it dies again and again', async () => {
    const started = start({ deadlineMs: 0 });
    for (const attempt of [1, 2])
      assert.match((await examine(started, `${attempt}`)).unknown?.why ?? '', /did not answer/);
    const { unknown } = await examine(started, 'later');
    assert.match(unknown?.why ?? '', /2 times in a row/);
    assert.notEqual(unknown?.remedy, null);
  });

  it('gives its memory back when it has grown too large', async () => {
    const started = start({ maxResidentMb: 60 });
    const { unknown } = await examine(started, usesUnit);
    // Whether it died of it or was ended after its answer.
    assert.ok(unknown === null || /ended/.test(unknown.why));
    await waitFor(() => started.pid() === null);
  });

  it('lets go at once of whoever aborts, and serves the next', async () => {
    const started = start();
    const abort = new AbortController();
    const reason = new Error('enough');
    const asked = examine(started, usesUnit, abort.signal);
    abort.abort(reason);
    await assert.rejects(asked, reason);
    assert.deepEqual(await rulesOf(started, `${usesUnit}missing();`), ['names/unknown-name']);
  });

  it('sees what is written to disk meanwhile: a file that changes, comes and goes', async () => {
    const started = start();
    assert.deepEqual(await rulesOf(started, usesUnit), []);
    writeFiles(folder, { 'src/shapes.ts': 'export const volume = 1;\nexport const more = 2;\n' });
    assert.deepEqual(await rulesOf(started, usesUnit), ['names/unknown-export']);
    const usesLater = `import { later } from './later';\nvoid later;\n`;
    assert.deepEqual(await rulesOf(started, usesLater), ['names/unknown-module']);
    writeFiles(folder, { 'src/later.ts': 'export const later = 1;\n' });
    assert.deepEqual(await rulesOf(started, usesLater), []);
    writeFiles(folder, { 'src/globals.d.ts': 'declare const planted: string;\n' });
    assert.deepEqual(await rulesOf(started, 'export const a = planted;'), []);
  });

  it('takes files of one change together, whatever is on disk', async () => {
    const files = {
      'src/case.ts': `import { fresh } from './fresh';\nexport const a: number = fresh.size;\n`,
      'src/fresh.ts': 'export const fresh = { size: 1 };\n',
    };
    const { findings } = await start().examine(
      Object.entries(files).map(([path, text]) => ({ path: join(folder, path), languageId: 'typescript', text })),
      workplaceAt(folder),
      new AbortController().signal,
    );
    assert.deepEqual(findings, []);
  });

  it('judges the others where one file is nested too deeply for it, also one that gives names to all', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)};\n`;
    const texts = {
      'src/a.ts': 'missing();\nexport {};\n',
      'src/deep.ts': deep,
      'src/z.ts': 'absent();\nexport {};\n',
    };
    writeFiles(folder, texts);
    const files = Object.entries(texts).map(([path, text]) => ({
      path: join(folder, path),
      languageId: 'typescript',
      text,
    }));
    const { findings, unknown } = await start().examine(files, workplaceAt(folder), new AbortController().signal);
    assert.deepEqual(
      findings.map(({ path }) => path),
      [join(folder, 'src/a.ts'), join(folder, 'src/z.ts')],
    );
    assert.deepEqual(unknown?.files, [join(folder, 'src/deep.ts')]);
    assert.match(unknown.why, /deep\.ts is nested too deeply for the compiler/);
  });

  it('judges the others where the process dies over one of them', async () => {
    const started = start({ deadlineMs: 60_000 });
    const texts = ['a', 'b', 'c', 'd'].map(name => ({
      path: join(folder, `src/${name}.ts`),
      languageId: 'typescript',
      text: `missing_${name}();\nexport {};\n`,
    }));
    await started.examine(texts.slice(0, 1), workplaceAt(folder), new AbortController().signal);
    const asked = started.examine(texts, workplaceAt(folder), new AbortController().signal);
    process.kill(started.pid() ?? 0, 'SIGKILL');
    const { findings, unknown } = await asked;
    assert.equal(findings.length, 4);
    assert.equal(unknown, null);
  });

  it('finds what an import of another project of the workspace means, built or not', async () => {
    writeFiles(folder, {
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./packages/core" }, { "path": "./packages/app" }] }',
      'packages/core/tsconfig.json':
        '{ "compilerOptions": { "composite": true, "outDir": "dist", "rootDir": "src" }, "include": ["src"] }',
      'packages/core/src/index.ts': 'export const core = { size: 1 };\n',
      'packages/app/tsconfig.json':
        '{ "compilerOptions": { "composite": true, "paths": { "core": ["../core/dist/index.d.ts"] } }, "include": ["src"], "references": [{ "path": "../core" }] }',
    });
    const text = `import { core } from 'core';\nexport const a = core.sise;\n`;
    const { findings } = await start().examine(
      [{ path: join(folder, 'packages/app/src/main.ts'), languageId: 'typescript', text }],
      workplaceAt(folder),
      new AbortController().signal,
    );
    assert.deepEqual(
      findings.map(({ rule, start, end }) => `${rule} ${text.slice(start, end)}`),
      ['names/unknown-member sise'],
    );
  });
});
