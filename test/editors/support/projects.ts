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
  },
  {
    language: 'Python',
    version: { registry: 'pypi', name: 'requests', version: '2.32.3' },
    file: 'requests/freshN.py',
    standing: 'import os\n\n\ndef is_bypassed(url, no_proxy):\n    ',
    typed: 'get_proxy = lambda k: os.env',
    rest: 'iron.get(k) or os.environ.get(k.upper())',
    word: 'iron',
  },
  {
    language: 'Go',
    version: { registry: 'go', name: 'github.com/gin-gonic/gin', version: 'v1.10.0' },
    file: 'freshN_test.go',
    standing: 'package gin\n\nfunc TestFresh(t *testing.T) {\n\tw := httptest.NewRecorder()\n\t',
    typed: 'c, ',
    rest: '_ := CreateTestContext(w)',
    word: '_',
  },
];
