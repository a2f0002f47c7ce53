import assert from 'node:assert/strict';
import { join } from 'node:path';
import { silentLog } from '../../../../server/base/log.js';
import { ownEntries } from '../../../../server/createCore.js';
import {
  createTypescriptValidator,
  type TypescriptValidator,
} from '../../../../server/validate/typescript/createTypescriptValidator.js';
import type { Examined } from '../../../../server/validate/validator.js';
import { workplaceAt } from './workplace.js';
import { makeWorkspace, removeWorkspace } from './workspaceFolder.js';

const project = {
  'package.json': JSON.stringify({
    name: 'sample',
    dependencies: { express: '^4.0.0', left: '1.0.0', typed: '2.0.0', legacy: '1.0.0' },
    devDependencies: { '@types/estree': '1.0.0', typescript: '^5.4.0' },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      jsx: 'preserve',
      paths: { '@app/*': ['./src/*'] },
    },
    include: ['src'],
  }),
  'node_modules/typed/package.json': JSON.stringify({
    name: 'typed',
    version: '2.1.0',
    exports: { '.': { types: './index.d.ts', default: './index.js' }, './more': './more.js' },
  }),
  'node_modules/typed/index.d.ts':
    'export interface Options { retries?: number; label: string }\nexport declare function connect(options: Options): Session;\nexport declare class Session { send(text: string): void; static open(): Session; readonly count: number }\n',
  'node_modules/typed/index.js': 'exports.connect = () => {};',
  'node_modules/typed/more.js': 'module.exports = {};',
  'node_modules/legacy/package.json': JSON.stringify({ name: 'legacy', version: '1.0.0', main: 'index.js' }),
  'node_modules/legacy/index.js': 'exports.anything = 1;',
  'src/shapes.ts':
    'export interface Shape { readonly area: number }\nexport class Circle implements Shape { area = 1; grow(by: number): this { return this; } }\nexport const unit = 1;\n',
  'src/loose.ts': 'const loose = 1;\nvoid loose;\n',
  'src/ambient.d.ts':
    'declare const buildStamp: string;\ndeclare module "*.css";\ndeclare module "virtual-things" { export const thing: number }\n',
  'src/style.css': 'a {}',
  'src/styles.scss': 'a {}',
  'plain/package.json': JSON.stringify({ name: 'plain', dependencies: { legacy: '1.0.0' } }),
  'src/old.js': 'exports.helper = function helper(first) { return first; };\n',
};

interface Case {
  readonly name: string;
  readonly path?: string;
  readonly text: string;
  /** `RULE MARKED` each; none where nothing is to be found. */
  readonly found?: readonly string[];
  /** Why something cannot be judged; nothing is in the way where absent. */
  readonly unknown?: RegExp;
}

const ts: readonly Case[] = [
  {
    name: 'a member that a class lacks',
    text: `import { Circle } from './shapes.js';\nnew Circle().shrink(1);`,
    found: ['names/unknown-member shrink'],
  },
  { name: 'a member it has', text: `import { Circle } from './shapes.js';\nnew Circle().grow(1);` },
  {
    name: 'a member of an interface, misspelt',
    text: `import type { Shape } from './shapes.js';\nexport const f = (s: Shape) => s.areea;`,
    found: ['names/unknown-member areea'],
  },
  { name: 'a member of a string', text: `'a'.trimm();`, found: ['names/unknown-member trimm'] },
  { name: 'a member that any may have', text: `export const f = (a: any) => a.whatever();` },
  {
    name: 'a member that only some of the types have',
    text: `export const f = (a: { b: 1 } | { c: 2 }) => a.b;`,
    found: ['types/not-narrowed b'],
  },
  {
    name: 'a member that none of them has',
    text: `export const f = (a: { b: 1 } | { c: 2 }) => a.d;`,
    found: ['names/unknown-member d'],
  },
  {
    name: 'a private member of this',
    text: `export class A { #b = 1; c() { return this.#d; } }`,
    found: ['names/unknown-member #d'],
  },
  {
    name: 'a member taken apart',
    text: `import { connect } from 'typed';\nconst { count, size } = connect({ label: 'a' });\nvoid [count, size];`,
    found: ['names/unknown-member size'],
  },
  {
    name: 'a function that nobody wrote',
    text: `export const a = frobnicate(1);`,
    found: ['names/unknown-name frobnicate'],
  },
  {
    name: 'a function of the file',
    text: `function frobnicate(a: number) { return a; }\nexport const a = frobnicate(1);`,
  },
  {
    name: 'a parameter, misspelt',
    text: `export function f(width: number) { return wdith * 2; }`,
    found: ['names/unknown-name wdith'],
  },
  { name: 'a type that nobody wrote', text: `export let a: Shapes;`, found: ['names/unknown-name Shapes'] },
  {
    name: 'a member without this',
    text: `export class A { total = 1; f() { return total; } }`,
    found: ['names/unknown-name total'],
  },
  {
    name: 'a name alone in braces',
    text: `export const f = () => ({ missing });`,
    found: ['names/unknown-name missing'],
  },
  { name: 'a global of the project', text: `export const a = buildStamp.length;` },
  {
    name: 'names of Node without its types',
    text: `export const a = [process.argv, Buffer.from('a'), __dirname, setImmediate, require('x')];`,
    found: ['names/unknown-package x'],
  },
  {
    name: 'names of test runners without their types',
    text: `describe('a', () => { it('b', () => { expect(1).toBe(1); vi.fn(); jest.fn(); }); });\nexport {};`,
  },
  {
    name: 'an export that a module lacks',
    text: `import { square } from './shapes.js';\nvoid square;`,
    found: ['names/unknown-export square'],
  },
  {
    name: 'an export of a file that exports nothing',
    text: `import { loose } from './loose.js';\nvoid loose;`,
    found: ['names/unknown-export loose'],
  },
  { name: 'an export it has', text: `import { unit, Circle } from './shapes.js';\nvoid [unit, Circle];` },
  {
    name: 'an export of an installed version',
    text: `import { connnect } from 'typed';\nvoid connnect;`,
    found: ['names/unknown-export connnect'],
  },
  {
    name: 'an option that does not exist',
    text: `import { connect } from 'typed';\nconnect({ label: 'a', retrys: 2 });`,
    found: ['names/unknown-property retrys'],
  },
  { name: 'an option that does', text: `import { connect } from 'typed';\nconnect({ label: 'a', retries: 2 });` },
  {
    name: 'too many arguments',
    text: `import { Circle } from './shapes.js';\nnew Circle().grow(1, 2);`,
    found: ['types/arity 2'],
  },
  {
    name: 'an argument of the wrong type',
    text: `import { Circle } from './shapes.js';\nnew Circle().grow('1');`,
    found: [`types/argument '1'`],
  },
  { name: 'a value of the wrong type', text: `export const a: number = 'b';`, found: ['types/assignment a'] },
  {
    name: 'a value that is checked before',
    text: `export const f = (a: number | string): number => (typeof a === 'string' ? a.length : a);`,
  },
  {
    name: 'a module beside the file that is not there',
    text: `import { a } from './shaeps.js';\nvoid a;`,
    found: ['names/unknown-module ./shaeps.js'],
  },
  { name: 'a stylesheet', text: `import './style.css';\nimport './styles.scss';\nexport {};` },
  {
    name: 'a stylesheet that is not there',
    text: `import { a } from './stile.scss';\nvoid a;`,
    found: ['names/unknown-module ./stile.scss'],
  },
  { name: 'what a build makes', text: `import { a } from '../dist/made.js';\nvoid a;` },
  { name: 'a path of the configuration', text: `import { unit } from '@app/shapes.js';\nvoid unit;` },
  { name: 'a module that is declared', text: `import { thing } from 'virtual-things';\nvoid thing;` },
  {
    name: 'a package that nobody declares',
    text: `import { a } from 'expresss';\nvoid a;`,
    found: ['names/unknown-package expresss'],
  },
  {
    name: 'a package that is declared, not installed',
    text: `import express from 'express';\nexport const app = express();\napp.whatever().you('like');`,
    unknown: /declared and not installed could not be judged: express/,
  },
  { name: 'a package whose types are declared', text: `import type { Node } from 'estree';\nexport let node: Node;` },
  { name: 'a package that is installed', text: `import { connect } from 'typed';\nvoid connect;` },
  { name: 'a package without types', text: `import legacy from 'legacy';\nlegacy.anything();` },
  {
    name: 'a module of a package that is not there',
    text: `import a from 'legacy/inner';\nvoid a;`,
    found: ['names/unknown-module legacy/inner'],
  },
  {
    name: 'a module that a bundler makes',
    text: `import a from 'virtual:pages';\nimport b from '~/b';\nimport c from '@/c';\nvoid [a, b, c];`,
  },
  {
    name: 'a module of Node',
    text: `import { readFile } from 'node:fs/promises';\nimport path from 'path';\nvoid [readFile, path];`,
  },
  {
    name: 'a module that Node lacks',
    text: `import a from 'node:filesystem';\nvoid a;`,
    found: ['names/unknown-module node:filesystem'],
  },
  { name: 'the package itself', text: `import a from 'sample/inner';\nvoid a;` },
  {
    name: 'a package that is asked for in try',
    text: `export async function f() { try { await import('maybe-there'); } catch { return; } }`,
  },
  { name: 'what is ignored on purpose', text: `// @ts-expect-error on purpose\nexport const a = frobnicate(1);` },
  {
    name: 'a value of a wrong type from what is not installed',
    text: `import express from 'express';\nexport const a: number = express.size ?? 'b';`,
    unknown: /express/,
  },
  {
    name: 'a name that only a page has',
    text: `export function f(title: string) { return [title, name]; }`,
    found: ['names/unknown-name name'],
  },
  { name: 'the same as a parameter', text: `export function f(name: string) { return [name]; }` },
  {
    name: 'an attribute that a component lacks',
    path: 'src/case.tsx',
    text: `declare global { namespace JSX { interface Element {} interface IntrinsicElements { box: { width?: number } } } }\nexport const a = <box widht={1} />;\nexport const b = <box width={1} />;`,
    found: ['names/unknown-property widht'],
  },
];

const js: readonly Case[] = [
  {
    name: 'a function that nobody wrote',
    text: `module.exports = frobnicate(1);`,
    found: ['names/unknown-name frobnicate'],
  },
  {
    name: 'a parameter, misspelt',
    text: `function f(width) { return wdith * 2; }\nmodule.exports = f;`,
    found: ['names/unknown-name wdith'],
  },
  {
    name: 'names of Node and of pages',
    text: `module.exports = [process.argv, Buffer.from('a'), __filename, window.innerWidth, document.body, $('a'), jQuery];`,
  },
  {
    name: 'a name that is asked for first',
    text: `module.exports = typeof frobnicate === 'undefined' ? null : frobnicate;`,
  },
  { name: 'a name that the linter is told', text: `/* global frobnicate */\nmodule.exports = frobnicate;` },
  { name: 'a type in a comment', text: `/** @param {Frobnicator} a */\nmodule.exports = a => a;` },
  {
    name: 'a member of a module with types',
    text: `const { connect, conect } = require('typed');\nmodule.exports = [connect, conect];`,
    found: ['names/unknown-export conect'],
  },
  {
    name: 'a member of a module of the project',
    text: `const old = require('./old');\nmodule.exports = old.helpr(1);`,
    found: ['names/unknown-member helpr'],
  },
  {
    name: 'a member of a class of the project',
    text: `class A { run() { return this.walk(); } }\nmodule.exports = new A().runn();`,
    found: ['names/unknown-member walk', 'names/unknown-member runn'],
  },
  {
    name: 'a member that is given later',
    text: `class A { run() { return this.walk(); } }\nA.prototype.walk = function () {};\nmodule.exports = A;`,
  },
  { name: 'an object that grows', text: `const a = {};\na.b = 1;\nmodule.exports = a.b + a.c;\n` },
  {
    name: 'code of an error',
    text: `try { f(); } catch (error) { module.exports = error.code; }\nfunction f() {}\nconst e = new Error('a');\ne.status = 1;\n`,
  },
  { name: 'an argument too many', text: `function f(a) { return a; }\nmodule.exports = f(1, 2);` },
  { name: 'a value of another type', text: `let a = 1;\na = 'b';\nmodule.exports = a;` },
  {
    name: 'a package that nobody declares',
    text: `const a = require('expresss');\nmodule.exports = a;`,
    found: ['names/unknown-package expresss'],
  },
  {
    name: 'a package that is asked for in try',
    text: `try { module.exports = require('maybe-there'); } catch { module.exports = null; }`,
  },
  {
    name: 'a module that is not there',
    text: `module.exports = require('./oldd');`,
    found: ['names/unknown-module ./oldd'],
  },
  {
    name: 'a module of JavaScript',
    path: 'src/case.mjs',
    text: `import { connect } from 'typed';\nimport { shrink } from './old.js';\nconnect();\nshrink();`,
    found: ['names/unknown-export shrink'],
  },
  {
    name: 'a member of anything that nothing has',
    path: 'plain/case.js',
    text: `module.exports = given => given.frobnicate(1);`,
    found: ['names/unknown-member frobnicate'],
  },
  {
    name: 'a member of anything that a package has',
    path: 'plain/case.js',
    text: `module.exports = given => given.anything(1);`,
  },
  {
    name: 'a member of anything that this file uses twice',
    path: 'plain/case.js',
    text: `module.exports = given => given.frobnicate(given.frobnicate);`,
  },
  {
    name: 'a key of what comes from outside',
    path: 'plain/case.js',
    text: `module.exports = body => [body.frobnicated, process.env.FROBNICATED];`,
  },
  {
    name: 'a name that is only given members',
    text: `exprots.a = 1;\nexports.b = 2;`,
    found: ['names/unknown-name exprots'],
  },
  {
    name: 'a member of a module of Node',
    text: `const fs = require('node:fs');\nmodule.exports = [fs.readFileSync('a'), fs.readFileSinc('b'), fs.F_OK, fs.globSync('*')];`,
    found: ['names/unknown-member readFileSinc'],
  },
  {
    name: 'the folder of the project itself, as its tests ask for it',
    path: 'src/deep/case.js',
    text: `const all = require('../../');\nconst near = require('..');\nmodule.exports = [all, near];`,
  },
  {
    name: 'checked because it says so',
    text: `// @ts-check\n/** @type {number} */\nlet a = 'b';\nmodule.exports = a;`,
    found: ['types/assignment a'],
  },
];

describe('names and types of TypeScript and JavaScript', () => {
  let folder = '';
  let validator: TypescriptValidator;
  before(() => {
    folder = makeWorkspace(project);
    validator = createTypescriptValidator({ entries: ownEntries(), log: silentLog });
  });
  after(async () => {
    await validator.dispose();
    removeWorkspace(folder);
  });

  const examine = (path: string, text: string): Promise<Examined> =>
    validator.examine(
      [{ path: join(folder, path), languageId: '', text }],
      workplaceAt(folder),
      new AbortController().signal,
    );
  const check = async ({ path, text, found = [], unknown: why }: Case, usual: string) => {
    const { findings, unknown } = await examine(path ?? usual, text);
    if (why === undefined) assert.equal(unknown, null);
    else assert.match(unknown?.why ?? '', why);
    assert.deepEqual(
      findings.map(({ rule, start, end }) => `${rule} ${text.slice(start, end)}`),
      found,
      JSON.stringify(findings, null, 1),
    );
  };

  for (const example of ts) it(`in TypeScript: ${example.name}`, () => check(example, 'src/case.ts'));
  for (const example of js) it(`in JavaScript: ${example.name}`, () => check(example, 'src/case.js'));

  it('offers the name that was probably meant, as an edit', async () => {
    const text = `import { connect } from 'typed';\nconnect({ label: 'a' }).sendd('b');\nimport a from 'expresss';\nvoid a;`;
    const { findings } = await examine('src/case.ts', text);
    const mended = [...findings].reverse().reduce((state, { fix }) => {
      const [edit] = fix ?? [];
      return edit === undefined ? state : state.slice(0, edit.start) + edit.text + state.slice(edit.end);
    }, text);
    assert.equal(mended, text.replace('sendd', 'send').replace('expresss', 'express'));
  });

  it('never says to install what nobody knows', async () => {
    const { findings } = await examine('src/case.ts', `import a from 'totally-made-up-thing';\nvoid a;`);
    assert.equal(findings.length, 1);
    assert.doesNotMatch(findings[0]?.message ?? '', /install (?:it|the)|npm i|add it/i);
  });

  it('says nothing of what every runtime has where the types that a project counts on cannot be read', async () => {
    const without = makeWorkspace({
      'package.json': JSON.stringify({ devDependencies: { '@types/node': '^20.0.0' } }),
      'tsconfig.json': JSON.stringify({ compilerOptions: { lib: ['es2022'], types: ['node'], strict: true } }),
      'node_modules/.keep': '',
    });
    try {
      const text = `setTimeout(() => new URL('a:b', import.meta.dirname), 1);\nexport const a = performnce.now();`;
      const { findings } = await validator.examine(
        [{ path: join(without, 'case.ts'), languageId: '', text }],
        workplaceAt(without),
        new AbortController().signal,
      );
      assert.deepEqual(
        findings.map(({ rule, start, end }) => `${rule} ${text.slice(start, end)}`),
        ['names/unknown-name performnce'],
      );
    } finally {
      removeWorkspace(without);
    }
  });
});
