import assert from 'node:assert/strict';
import { languageOf, languages } from '../../grammars/registry.js';

describe('the registry of languages', () => {
  it('names each id, extension, file name and interpreter once', () => {
    for (const names of [
      languages.flatMap(({ id, aliases }) => [id, ...aliases]),
      languages.flatMap(({ extensions }) => extensions),
      languages.flatMap(({ fileNames }) => fileNames),
      languages.flatMap(({ interpreters }) => interpreters),
    ]) {
      assert.deepEqual(duplicates(names), []);
    }
  });

  it('has sane rows', () => {
    for (const language of languages) {
      assert.match(language.id, /^[a-z][a-z0-9+#.-]*$/);
      for (const alias of language.aliases) assert.equal(alias, alias.toLowerCase());
      for (const extension of language.extensions) assert.match(extension, /^\.[a-z0-9+_-]+$/);
      for (const { open, close, escape } of language.strings) {
        assert.ok(open.length > 0 && close.length > 0, language.id);
        assert.ok(escape === null || escape.length === 1, language.id);
      }
      for (const [open, close] of language.blockComments) assert.ok(open.length > 0 && close.length > 0);
    }
  });

  it('has a longer opener of a string before a shorter one that it begins with', () => {
    for (const { id, strings } of languages) {
      strings.forEach(({ open }, at) => {
        const hidden = strings.slice(at + 1).find(later => later.open.startsWith(open));
        assert.equal(hidden, undefined, `${id}: ${open} hides ${hidden?.open ?? ''}`);
      });
    }
  });

  const check = (path: string | null, languageId: string, expected: string | null, start = ''): void => {
    it(`${path ?? 'no path'} as ${languageId === '' ? 'nothing' : languageId}${start === '' ? '' : ` with ${start.split('\n')[0] ?? ''}`} is ${expected ?? 'not text'}`, () => {
      assert.equal(languageOf(path, languageId, start)?.id ?? null, expected);
    });
  };
  check('/a/b.ts', 'typescript', 'typescript');
  check('/a/b.ts', '', 'typescript');
  check('/a/b.ts', 'python', 'python');
  check('/a/b.TSX', '', 'typescriptreact');
  check('/a/b.jsx', 'javascriptreact', 'javascript');
  check('C:\\a\\Makefile', '', 'makefile');
  check('/a/Dockerfile.dev', '', 'dockerfile');
  check('/a/config.json.example', '', 'json');
  check('/a/main.zig', 'plaintext', 'zig');
  check('/a/notes', 'plaintext', 'plaintext');
  check('/a/run', '', 'python', '#!/usr/bin/env -S python3.12 -u\n');
  check('/a/run', '', 'shellscript', '#!/bin/bash -e');
  check('/a/run', '', 'javascript', '#!/usr/bin/env NODE_ENV=test node');
  check('/a/x.h', '', 'c', '#include <stdio.h>\nstruct s { int class; };\n');
  check('/a/x.h', '', 'cpp', '#pragma once\nnamespace a {\n');
  check('/a/x.h', '', 'cpp', '#pragma once\n\ntemplate <class T> struct s;\n');
  check('/a/strange.qqq', 'qqq', 'other');
  check(null, '', 'other');
  check(null, 'cpp', 'cpp');
  check('/a/photo.PNG', '', null);
  check('/a/.git.d/plain', '', 'other');
});

function duplicates(names: readonly string[]): string[] {
  return names.filter((name, at) => names.indexOf(name) !== at);
}
