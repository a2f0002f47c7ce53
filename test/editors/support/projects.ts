import type { PackageVersion } from '../../support/registry/fetchPackage.js';

/** A project that is not ours, and a line of it that a new file is about to repeat. */
export interface Project {
  readonly language: string;
  readonly version: PackageVersion;
  /** Name of a new file, with `N` for a number. */
  readonly file: string;
  /** What stands in it already; the cursor is behind its last character. */
  readonly standing: string;
  readonly typed: string;
  /** How what is typed goes on in other files. */
  readonly rest: string;
  /** The part of `rest` that one more word brings. */
  readonly word: string;
  /** What a function begins with in a file of its own, and the indentation of its lines. */
  readonly opening: string;
  readonly indent: string;
}

export const projects: readonly Project[] = [
  {
    language: 'TypeScript',
    version: { registry: 'npm', name: 'rxjs', version: '7.8.2' },
    file: 'src/internal/operators/freshN.ts',
    standing: `import { OperatorFunction } from '../types';\n`,
    typed: 'import { ope',
    rest: `rate } from '../util/lift';`,
    word: 'rate',
    opening: 'export function freshWork(part: string) {\n',
    indent: '  ',
  },
  {
    language: 'Python',
    version: { registry: 'pypi', name: 'requests', version: '2.32.3' },
    file: 'requests/freshN.py',
    standing: 'import hashlib\n\n\ndef fresh_utf8(x):\n    if isinstance(x, str):\n        ',
    typed: 'x = x.enc',
    rest: 'ode("utf-8")',
    word: 'ode',
    opening: 'def fresh_work(part):\n',
    indent: '    ',
  },
  {
    language: 'Go',
    version: { registry: 'go', name: 'github.com/gin-gonic/gin', version: 'v1.10.0' },
    file: 'freshN_test.go',
    standing: 'package gin\n\nfunc TestFresh(t *testing.T) {\n\tw := httptest.NewRecorder()\n\t',
    typed: 'c, ',
    rest: '_ := CreateTestContext(w)',
    word: '_',
    opening: 'package gin\n\nfunc freshWork(part string) {\n',
    indent: '\t',
  },
];
