import { checkChanges, type ChangeCase } from './changeCases.js';

const manifest = JSON.stringify({ name: 'own' });
const config =
  '{"include": ["**/*.ts"], "compilerOptions": {"strict": true, "module": "esnext", "moduleResolution": "bundler"}}';
const typescript = { 'package.json': manifest, 'tsconfig.json': config };
const goModule = 'module example.org/own\n\ngo 1.20\n';

const scripts: readonly ChangeCase[] = [
  {
    says: 'an export that goes, while a file still imports it',
    files: {
      ...typescript,
      'src/b.ts': 'export const one = 1;\nexport const two = 2;\n',
      'src/a.ts': "import { two } from './b.js';\nexport default two;\n",
      'src/c.ts': "import { one } from './b.js';\nexport default one;\n",
    },
    change: { 'src/b.ts': 'export const one = 1;\n' },
    finds: ['src/a.ts names/unknown-export two'],
  },
  {
    says: 'an export that gets another name, by way of a module that passes it on',
    files: {
      ...typescript,
      'src/b.ts': 'export function one(): number {\n  return 1;\n}\n',
      'src/index.ts': "export * from './b.js';\n",
      'app/a.ts': "import { one } from '../src/index.js';\none();\n",
    },
    change: { 'src/b.ts': 'export function first(): number {\n  return 1;\n}\n' },
    finds: ['app/a.ts names/unknown-export one'],
  },
  {
    says: 'a name that is passed on no more',
    files: {
      ...typescript,
      'src/b.ts': 'export const one = 1;\n',
      'src/index.ts': "export { one } from './b.js';\n",
      'a.ts': "import { one } from './src';\none;\n",
    },
    change: { 'src/index.ts': 'export {};\n' },
    finds: ['a.ts names/unknown-export one'],
  },
  {
    says: 'a member of a class, which is used without importing it',
    files: {
      ...typescript,
      'src/b.ts': 'export class Shop {\n  open(): void {}\n  close(): void {}\n}\n',
      'src/make.ts': "import { Shop } from './b.js';\nexport const made = new Shop();\n",
      'src/a.ts': "import { made } from './make.js';\nmade.close();\n",
    },
    change: { 'src/b.ts': 'export class Shop {\n  open(): void {}\n}\n' },
    finds: ['src/a.ts names/unknown-member close'],
  },
  {
    says: 'a parameter more',
    files: {
      ...typescript,
      'b.ts': 'export function one(a: number): number {\n  return a;\n}\n',
      'a.ts': "import { one } from './b.js';\none(1);\n",
    },
    change: { 'b.ts': 'export function one(a: number, b: number): number {\n  return a + b;\n}\n' },
    finds: ['a.ts types/arity one'],
  },
  {
    says: 'a file that goes',
    files: { ...typescript, 'b.ts': 'export const one = 1;\n', 'a.ts': "import { one } from './b.js';\none;\n" },
    change: { 'b.ts': null },
    finds: ['a.ts names/unknown-module ./b.js'],
  },
  {
    says: 'a file that moves, while a file still imports it from where it was',
    files: {
      ...typescript,
      'b.ts': 'export const one = 1;\n',
      'a.ts': "import { one } from './b.js';\none;\n",
      'c.ts': "import { one } from './b.js';\none;\n",
    },
    change: { 'c.ts': "import { one } from './lib/b.js';\none;\n" },
    moved: { 'b.ts': 'lib/b.ts' },
    finds: ['a.ts names/unknown-module ./b.js'],
  },
  {
    says: 'what was wrong there before, too',
    files: {
      ...typescript,
      'b.ts': 'export const one = 1;\nexport const two = 2;\n',
      'a.ts': "import { three } from './b.js';\nthree;\n",
      'c.ts': "import { one, three } from './b.js';\none;\nthree;\n",
    },
    change: { 'b.ts': 'export const two = 2;\n' },
    finds: ['c.ts names/unknown-export one'],
  },
  {
    says: 'users that the change mends',
    files: { ...typescript, 'b.ts': 'export const one = 1;\n', 'a.ts': "import { one } from './b.js';\none;\n" },
    change: { 'b.ts': 'export const first = 1;\n', 'a.ts': "import { first } from './b.js';\nfirst;\n" },
    finds: [],
  },
  {
    says: 'JavaScript: a function that goes',
    files: {
      'package.json': manifest,
      'b.js': 'export function one() {}\nexport function two() {}\n',
      'a.js': "import { two } from './b.js';\ntwo();\n",
    },
    change: { 'b.js': 'export function one() {}\n' },
    finds: ['a.js names/unknown-export two'],
  },
  {
    says: 'JavaScript: a function that is exported no more',
    files: {
      'package.json': manifest,
      'b.js': 'export function one() {}\nexport function two() {}\n',
      'a.js': "import { two } from './b.js';\ntwo();\n",
    },
    change: { 'b.js': 'export function one() {}\nfunction two() {}\ntwo();\n' },
    finds: ['a.js names/unknown-export two'],
  },
  {
    says: 'JavaScript: a module that makes its exports at run time',
    files: {
      'package.json': manifest,
      'b.js': 'exports.one = 1;\nexports.two = 2;\n',
      'a.js': "const { two } = require('./b.js');\ntwo();\n",
    },
    change: { 'b.js': "for (const name of ['one', 'two']) exports[name] = 1;\n" },
    finds: [],
  },
];

const others: readonly ChangeCase[] = [
  {
    says: 'Python: a function that goes',
    files: {
      'app/__init__.py': '',
      'app/b.py': 'def one():\n    pass\n\n\ndef two():\n    pass\n',
      'app/a.py': 'from .b import two\n\ntwo()\n',
      'app/c.py': 'from app import b\n\nb.two()\n',
      'app/d.py': 'two = 2\nprint(two)\n',
    },
    change: { 'app/b.py': 'def one():\n    pass\n' },
    finds: ['app/a.py names/unknown-export two', 'app/c.py names/unknown-member two'],
  },
  {
    says: 'Python: a name that a package passes on no more',
    files: { 'app/__init__.py': 'from .b import one\n', 'app/b.py': 'one = 1\n', 'a.py': 'from app import one\n' },
    change: { 'app/__init__.py': '' },
    finds: ['a.py names/unknown-export one'],
  },
  {
    says: 'Python: a module that moves',
    files: { 'app/__init__.py': '', 'app/b.py': 'one = 1\n', 'app/a.py': 'from app.b import one\n' },
    change: {},
    moved: { 'app/b.py': 'app/c.py' },
    finds: ['app/a.py names/unknown-module app.b'],
  },
  {
    says: 'Go: a function of the same package',
    files: {
      'go.mod': goModule,
      'b.go': 'package own\n\nfunc one() int { return 1 }\n\nfunc two() int { return 2 }\n',
      'a.go': 'package own\n\nvar first = two()\n',
    },
    change: { 'b.go': 'package own\n\nfunc one() int { return 1 }\n' },
    finds: ['a.go names/unknown-name two'],
  },
  {
    says: 'Go: what another package exports',
    files: {
      'go.mod': goModule,
      'shop/b.go': 'package shop\n\nfunc One() int { return 1 }\n\nfunc Two() int { return 2 }\n',
      'a.go': 'package own\n\nimport "example.org/own/shop"\n\nvar first = shop.Two()\n',
    },
    change: { 'shop/b.go': 'package shop\n\nfunc One() int { return 1 }\n' },
    finds: ['a.go names/unknown-export Two'],
  },
];

describe('files that use what a change takes away', () => {
  describe('in TypeScript and JavaScript', () => checkChanges(scripts, { PATH: '' }));
  describe('in other languages', () => checkChanges(others, { PATH: '' }));
});
