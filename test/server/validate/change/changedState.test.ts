import { checkChanges, type ChangeCase } from './changeCases.js';

const npm = (...names: readonly string[]): string =>
  JSON.stringify({ name: 'own', dependencies: Object.fromEntries(names.map(name => [name, '^1.0.0'])) });
const python = (...names: readonly string[]): string =>
  `[project]\nname = "own"\ndependencies = [${names.map(name => `"${name}>=1"`).join(', ')}]\n`;
const go = (...names: readonly string[]): string =>
  `module example.org/own\n\ngo 1.20\n${names.map(name => `\nrequire ${name} v1.0.0\n`).join('')}`;

const manifests: readonly ChangeCase[] = [
  {
    says: 'TypeScript: a package that the same change declares',
    files: { 'package.json': npm(), 'a.ts': 'export {};\n' },
    change: { 'package.json': npm('leftish'), 'a.ts': "import { pad } from 'leftish';\npad();\n" },
    finds: [],
  },
  {
    says: 'TypeScript: a package that no manifest declares',
    files: { 'package.json': npm('other'), 'a.ts': 'export {};\n' },
    change: { 'package.json': npm('other', 'more'), 'a.ts': "import { pad } from 'leftish';\npad();\n" },
    finds: ['a.ts names/unknown-package leftish'],
  },
  {
    says: 'TypeScript: a package that the same change declares no more, while its import stays',
    files: { 'package.json': npm('leftish'), 'a.ts': "import { pad } from 'leftish';\npad();\n" },
    change: { 'package.json': npm(), 'a.ts': "import { pad } from 'leftish';\npad(1);\n" },
    finds: ['a.ts names/unknown-package leftish'],
  },
  {
    says: 'TypeScript: a package that is installed, and declared no more, in a file that nobody has touched',
    files: {
      'package.json': npm('leftish', 'other'),
      'node_modules/leftish/package.json': '{"name": "leftish", "types": "index.d.ts"}',
      'node_modules/leftish/index.d.ts': 'export declare function pad(): void;\n',
      'a.ts': "import { pad } from 'leftish/index.js';\npad();\n",
      'b.ts': "import { pad } from 'leftish';\nexport { pad };\n",
      'c.ts': "export const leftish = 'leftish';\n",
    },
    change: { 'package.json': npm('other'), 'a.ts': "import { pad } from 'leftish';\npad();\n" },
    finds: ['a.ts names/unknown-package leftish', 'b.ts names/unknown-package leftish'],
  },
  {
    says: 'TypeScript: a package that another manifest above still declares, or that is only tried',
    files: {
      'package.json': npm('leftish'),
      'web/package.json': npm('leftish', 'other'),
      'web/a.js': "import 'leftish';\n",
      'web/b.js': "let other;\ntry {\n  other = require('other');\n} catch {}\n",
    },
    change: { 'web/package.json': npm() },
    finds: [],
  },
  {
    says: 'JavaScript: a package that moves to another list of the manifest',
    files: { 'package.json': npm('leftish'), 'a.js': "import 'leftish';\n" },
    change: { 'package.json': '{"devDependencies": {"leftish": "^1.0.0"}}' },
    finds: [],
  },
  {
    says: 'Python: a package that is declared no more, in a file that nobody has touched',
    files: { 'pyproject.toml': python('leftish', 'other'), 'a.py': 'import leftish\n', 'b.py': 'leftish = 1\n' },
    change: { 'pyproject.toml': python('other') },
    finds: ['a.py names/unknown-package leftish'],
  },
  {
    says: 'Python: a package that moves to another manifest, is tried, or has given way to a module',
    files: {
      'pyproject.toml': python('leftish', 'other', 'third'),
      'a.py': 'import leftish\n',
      'b.py': 'try:\n    import other\nexcept ImportError:\n    other = None\n',
      'c.py': 'import third\n',
    },
    change: { 'pyproject.toml': python(), 'requirements.txt': 'leftish\n', 'third.py': '' },
    finds: [],
  },
  {
    says: 'Go: a module that is required no more, in a file that nobody has touched',
    files: { 'go.mod': go('example.net/pad'), 'a.go': 'package own\n\nimport _ "example.net/pad/left"\n' },
    change: { 'go.mod': go() },
    finds: ['a.go names/unknown-package "example.net/pad/left"'],
  },
  {
    says: 'JavaScript: a package of a new manifest',
    files: { 'package.json': npm(), 'web/a.js': '' },
    change: { 'web/package.json': npm('leftish'), 'web/a.js': "require('leftish').pad();\n" },
    finds: [],
  },
  {
    says: 'Python: a package that the same change declares',
    files: { 'pyproject.toml': python(), 'a.py': '' },
    change: { 'pyproject.toml': python('leftish'), 'a.py': 'import leftish\n\nleftish.pad()\n' },
    finds: [],
  },
  {
    says: 'Go: a module that the same change requires',
    files: { 'go.mod': go(), 'a.go': 'package own\n' },
    change: { 'go.mod': go('example.net/pad'), 'a.go': 'package own\n\nimport _ "example.net/pad/left"\n' },
    finds: [],
  },
  {
    says: 'Go: a module that go.mod does not require',
    files: { 'go.mod': go(), 'a.go': 'package own\n' },
    change: { 'go.mod': go('example.net/padding'), 'a.go': 'package own\n\nimport _ "example.net/pad/left"\n' },
    finds: ['a.go names/unknown-package "example.net/pad/left"'],
  },
  {
    says: 'Go: a module that go.mod requires no more',
    files: { 'go.mod': go('example.net/pad'), 'a.go': 'package own\n\nimport _ "example.net/pad"\n' },
    change: { 'go.mod': go(), 'a.go': 'package own\n\nimport _ "example.net/pad"\n\nvar one = 1\n' },
    finds: ['a.go names/unknown-package "example.net/pad"'],
  },
];

const modules: readonly ChangeCase[] = [
  {
    says: 'TypeScript: a module that the same change adds',
    files: { 'package.json': npm(), 'a.ts': 'export {};\n' },
    change: { 'lib/b.ts': 'export const b = 1;\n', 'a.ts': "import { b } from './lib/b.js';\nb;\n" },
    finds: [],
  },
  {
    says: 'TypeScript: a member that the new module lacks',
    files: { 'package.json': npm(), 'a.ts': 'export {};\n' },
    change: { 'lib/b.ts': 'export const b = 1;\n', 'a.ts': "import { c } from './lib/b.js';\nc;\n" },
    finds: ['a.ts names/unknown-export c'],
  },
  {
    says: 'TypeScript: a module that the same change deletes',
    files: { 'package.json': npm(), 'b.ts': 'export const b = 1;\n', 'a.ts': "import { b } from './b.js';\nb;\n" },
    change: { 'b.ts': null, 'a.ts': "import { b } from './b.js';\nb + 1;\n" },
    finds: ['a.ts names/unknown-module ./b.js'],
  },
  {
    says: 'TypeScript: a module that the same change moves, and its import with it',
    files: { 'package.json': npm(), 'b.ts': 'export const b = 1;\n', 'a.ts': "import { b } from './b.js';\nb;\n" },
    change: { 'a.ts': "import { b } from './lib/b.js';\nb;\n" },
    moved: { 'b.ts': 'lib/b.ts' },
    finds: [],
  },
  {
    says: 'TypeScript: a moved module, with what was wrong in it already',
    files: { 'package.json': npm(), 'b.ts': 'export const b = nobody;\n' },
    change: {},
    moved: { 'b.ts': 'lib/b.ts' },
    finds: [],
  },
  {
    says: 'TypeScript: a moved module whose own imports stay behind',
    files: { 'package.json': npm(), 'a.ts': 'export const a = 1;\n', 'b.ts': "export { a } from './a.js';\n" },
    change: {},
    moved: { 'b.ts': 'lib/b.ts' },
    finds: ['lib/b.ts names/unknown-module ./a.js'],
  },
  {
    says: 'TypeScript: a path of a tsconfig.json of the same change',
    files: { 'package.json': npm(), 'tsconfig.json': '{"include": ["src"]}', 'src/b.ts': 'export const b = 1;\n' },
    change: {
      'tsconfig.json': '{"include": ["src"], "compilerOptions": {"paths": {"@own/*": ["./src/*"]}}}',
      'src/a.ts': "import { b } from '@own/b';\nb;\n",
    },
    finds: [],
  },
  {
    says: 'Python: a module that the same change adds, and a name that it lacks',
    files: { 'app/__init__.py': '', 'app/a.py': '' },
    change: { 'app/b.py': 'b = 1\n', 'app/a.py': 'from app.b import b, c\n' },
    finds: ['app/a.py names/unknown-export c'],
  },
  {
    says: 'Python: modules that the same change deletes',
    files: {
      'app/__init__.py': '',
      'app/b.py': 'b = 1\n',
      'app/c.py': 'c = 1\n',
      'app/a.py': 'from app.b import b\nfrom . import c\nimport app.c\n',
    },
    change: {
      'app/b.py': null,
      'app/c.py': null,
      'app/a.py': 'from app.b import b\nfrom . import c\nimport app.c\n\n',
    },
    finds: [
      'app/a.py names/unknown-export c',
      'app/a.py names/unknown-module app.b',
      'app/a.py names/unknown-module app.c',
    ],
  },
  {
    says: 'Python: a module whose place a package takes that is declared',
    files: { 'pyproject.toml': python(), 'leftish.py': 'pad = 1\n', 'a.py': 'import leftish\n' },
    change: { 'pyproject.toml': python('leftish'), 'leftish.py': null, 'a.py': 'import leftish\n\n' },
    finds: [],
  },
  {
    says: 'Go: a file of the package that the same change adds',
    files: { 'go.mod': go(), 'a.go': 'package own\n' },
    change: { 'b.go': 'package own\n\nfunc made() int { return 1 }\n', 'a.go': 'package own\n\nvar one = made()\n' },
    finds: [],
  },
  {
    says: 'Go: a file of the package that the same change deletes',
    files: {
      'go.mod': go(),
      'b.go': 'package own\n\nfunc made() int { return 1 }\n',
      'a.go': 'package own\n\nvar one = made()\n',
    },
    change: { 'b.go': null, 'a.go': 'package own\n\nvar one = made()\nvar two = 2\n' },
    finds: ['a.go names/unknown-name made'],
  },
];

describe('a change of several files', () => {
  describe('with manifests', () => checkChanges(manifests, { PATH: '' }));
  describe('with modules that come, go and move', () => checkChanges(modules, { PATH: '' }));
});
