import assert from 'node:assert/strict';
import { importsOf } from '../../../server/context/imports.js';

function check(languageId: string, source: string, expected: readonly string[]): void {
  it(`${languageId}: ${source.trim().split('\n')[0] ?? ''}`, () => {
    const shown = importsOf(source, languageId).map(({ module, names, alias }) =>
      [module, names.length > 0 ? `{${names.join()}}` : '', alias === null ? '' : `as ${alias}`]
        .filter(Boolean)
        .join(' '),
    );
    assert.deepEqual(shown, expected);
  });
}

describe('imports', () => {
  check('typescript', `import { a, type B, c as d } from './x.js';`, ['./x.js {a,B,c}']);
  check('typescript', `import type { A } from '@scope/pkg';\nexport * from './all';`, ['@scope/pkg {A}', './all']);
  check('typescript', `import {\n  first,\n  second,\n} from "x";`, ['x {first,second}']);
  check('typescript', `import fs, { stat } from 'node:fs';\nimport * as path from 'path';`, [
    'node:fs {stat} as fs',
    'path as path',
  ]);
  check('javascript', `const { a, b: c } = require('x');\nconst y = require("./y");`, ['x {a,b}', './y as y']);
  check('python', 'from a.b import c, d as e\nfrom . import f\nfrom ..g import (\n    h,\n    i,  # why\n)', [
    'a.b {c,d}',
    '. {f}',
    '..g {h,i}',
  ]);
  check('python', 'import os, numpy as np\nfrom x import *', ['x', 'os as os', 'numpy as np']);
  check('go', 'import (\n\t"fmt"\n\techo "github.com/labstack/echo/v4"\n\t"gopkg.in/yaml.v3"\n)\nimport "os"', [
    'fmt as fmt',
    'github.com/labstack/echo/v4 as echo',
    'gopkg.in/yaml.v3 as yaml',
    'os as os',
  ]);
  check('rust', 'use std::{fs, io::{self, Read as R}};\nuse crate::a::B;\npub use self::x::*;\nmod child;', [
    'std {fs} as fs',
    'std::io as self',
    'std::io {Read} as R',
    'crate::a {B} as B',
    'self::x as *',
    'self::child as child',
  ]);
  check('java', 'import java.util.List;\nimport static a.B.c;\nimport x.y.*;', [
    'java.util {List} as List',
    'a.B {c} as c',
    'x.y',
  ]);
  check('c', '#include "a/b.h"\n#include <stdio.h>', ['a/b.h']);
  check('typescript', 'import { a, from', []);

  it('knows no imports of other languages', () => assert.deepEqual(importsOf('import x', 'markdown'), []));
});
