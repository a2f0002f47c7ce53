import { delimiter, join } from 'node:path';
import { checkChanges, type ChangeCase } from '../server/validate/change/changeCases.js';
import { repositoryRoot } from '../support/repositoryRoot.js';

/** With all tools of this machine, and the pyright of this repository. */
const env = {
  ...process.env,
  PATH: [join(repositoryRoot, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
};

const pyproject = (...names: readonly string[]): string =>
  `[project]\nname = "own"\ndependencies = [${names.map(name => `"${name}>=1"`).join(', ')}]\n`;
const cargo = (...names: readonly string[]): string =>
  `[package]\nname = "own"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n${names.map(name => `${name} = "1"\n`).join('')}`;
const pom = (...names: readonly string[]): string =>
  `<project><groupId>own</groupId><artifactId>own</artifactId><version>1</version><dependencies>${names
    .map(
      name => `<dependency><groupId>${name}</groupId><artifactId>pad</artifactId><version>1.0</version></dependency>`,
    )
    .join('')}</dependencies></project>\n`;
const goModule = 'module example.org/own\n\ngo 1.20\n';

const python: readonly ChangeCase[] = [
  {
    says: 'a package that the same change declares',
    files: { 'pyproject.toml': pyproject('other'), 'app/__init__.py': '', 'app/a.py': '' },
    change: { 'pyproject.toml': pyproject('other', 'leftish'), 'app/a.py': 'import leftish\n\nleftish.pad()\n' },
    finds: [],
  },
  {
    says: 'a module that the same change adds, imported from its package',
    files: { 'app/__init__.py': '', 'app/a.py': '' },
    change: {
      'app/_new.py': 'one = 1\n',
      'app/a.py': 'from . import _new, none\nfrom app import _new as again\n\nprint(_new.one, again.one)\n',
    },
    finds: ['app/a.py names/unknown-export none'],
  },
  {
    says: 'a part of a package that is declared, beside a module of its name; and of one of its own that nobody has',
    files: { 'pyproject.toml': pyproject('leftish'), 'app/__init__.py': '', 'app/leftish.py': '' },
    change: { 'app/leftish.py': 'import leftish.types\nimport app.other\n' },
    finds: ['app/leftish.py names/unknown-module app.other'],
  },
  {
    says: 'a package that the same change declares no more, while its import stays',
    files: { 'pyproject.toml': pyproject('other', 'leftish'), 'app/__init__.py': '', 'app/a.py': 'import leftish\n' },
    change: { 'pyproject.toml': pyproject('other'), 'app/a.py': 'import leftish\n\nleftish.pad()\n' },
    finds: ['app/a.py names/unknown-package leftish'],
  },
  {
    says: 'a package that no manifest declares any more, whose import nobody has touched',
    files: { 'pyproject.toml': pyproject('other', 'leftish'), 'app/__init__.py': '', 'app/a.py': 'import leftish\n' },
    change: { 'pyproject.toml': pyproject('other') },
    finds: ['app/a.py names/unknown-package leftish'],
  },
  {
    says: 'a method that goes, while another file calls it',
    files: {
      'app/__init__.py': '',
      'app/shop.py': 'class Shop:\n    def open(self): pass\n\n    def shut(self): pass\n',
      'app/a.py': 'from app.shop import Shop\n\nShop().shut()\n',
    },
    change: { 'app/shop.py': 'class Shop:\n    def open(self): pass\n' },
    finds: ['app/a.py names/unknown-member shut'],
  },
  {
    says: 'a parameter that gets another name',
    files: {
      'app/__init__.py': '',
      'app/b.py': 'def total(items, limit=1):\n    return items, limit\n',
      'app/a.py': 'from app.b import total\n\ntotal([], limit=2)\n',
    },
    change: { 'app/b.py': 'def total(items, most=1):\n    return items, most\n' },
    finds: ['app/a.py names/unknown-parameter limit'],
  },
];

const compiled: readonly ChangeCase[] = [
  {
    says: 'Rust: a crate that the same change declares no more, while its use stays',
    files: { 'Cargo.toml': cargo('leftish'), 'src/lib.rs': 'pub fn f() -> u32 { leftish::pad() }\n' },
    change: { 'Cargo.toml': cargo(), 'src/lib.rs': 'pub fn f() -> u32 { leftish::pad() + 1 }\n' },
    finds: ['src/lib.rs names/unknown-name leftish'],
  },
  {
    says: 'Rust: a crate that the same change declares',
    files: { 'Cargo.toml': cargo(), 'src/lib.rs': 'pub fn f() -> u32 { 1 }\n' },
    change: { 'Cargo.toml': cargo('leftish'), 'src/lib.rs': 'pub fn f() -> u32 { leftish::pad() }\n' },
    finds: [],
  },
  {
    says: 'Java: a package that the build declares no more, while its import stays',
    files: {
      'pom.xml': pom('net.leftish'),
      'src/main/java/own/A.java': 'package own;\n\nimport net.leftish.Pad;\n\nclass A {}\n',
    },
    change: {
      'pom.xml': pom(),
      'src/main/java/own/A.java': 'package own;\n\nimport net.leftish.Pad;\n\nclass A { int one; }\n',
    },
    finds: ['src/main/java/own/A.java names/unknown-package net.leftish.Pad'],
  },
  {
    says: 'Java: a package that the same change declares',
    files: { 'pom.xml': pom(), 'src/main/java/own/A.java': 'package own;\n\nclass A {}\n' },
    change: {
      'pom.xml': pom('net.leftish'),
      'src/main/java/own/A.java': 'package own;\n\nimport net.leftish.Pad;\n\nclass A {}\n',
    },
    finds: [],
  },
  {
    says: 'Java: a class of the same change, and one that goes while another file uses it',
    files: {
      'pom.xml': pom(),
      'src/main/java/own/A.java': 'package own;\n\nclass A { B b; }\n',
      'src/main/java/own/B.java': 'package own;\n\nclass B {}\n',
    },
    change: { 'src/main/java/own/B.java': null, 'src/main/java/own/C.java': 'package own;\n\nclass C { A a; }\n' },
    finds: ['src/main/java/own/A.java names/unknown-name B'],
  },
];

const trusted: readonly ChangeCase[] = [
  {
    says: 'cargo: a function that goes, while another module calls it',
    files: {
      'Cargo.toml': cargo(),
      'src/lib.rs': 'mod shop;\npub fn f() -> u32 { shop::qvwk_jxz() }\n',
      'src/shop.rs': 'pub fn open_zyx() -> u32 { 1 }\npub fn qvwk_jxz() -> u32 { 2 }\n',
    },
    change: { 'src/shop.rs': 'pub fn open_zyx() -> u32 { 1 }\n' },
    finds: ['src/lib.rs names/unknown-name qvwk_jxz'],
  },
  {
    says: 'go: a function that goes, while another file of the package calls it with its type',
    files: {
      'go.mod': goModule,
      'b.go': 'package own\n\ntype Shop struct{}\n\nfunc (s Shop) Shut(times int) int { return times }\n',
      'a.go': 'package own\n\nvar one = Shop{}.Shut(1)\n',
    },
    change: { 'b.go': 'package own\n\ntype Shop struct{}\n\nfunc (s Shop) Shut(why string) string { return why }\n' },
    finds: ['a.go types/go 1'],
  },
  {
    says: 'go: a file that goes',
    files: {
      'go.mod': goModule,
      'b.go': 'package own\n\nfunc made() int { return 1 }\n',
      'a.go': 'package own\n\nvar one = made()\n',
    },
    change: { 'b.go': null },
    finds: ['a.go names/unknown-name made'],
  },
];

describe('a change of several files, with the tools of this machine', () => {
  describe('in Python', () => checkChanges(python, env));
  describe('in Rust and Java, by what is installed', () => checkChanges(compiled, env));
  describe('in Go and Rust, in a trusted workspace', () => checkChanges(trusted, env, true));
});
