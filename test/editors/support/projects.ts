import type { PackageVersion } from '../../support/registry/fetchPackage.js';

/** A project that is not ours, and a line of it that a new file is about to repeat. */
export interface Project {
  readonly language: string;
  readonly version: PackageVersion;
  /** What of the package is its source. */
  readonly parts: readonly string[];
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
    parts: ['src', 'package.json'],
    file: 'src/internal/operators/freshN.ts',
    standing: `import { OperatorFunction } from '../types';\nimport { operate } from '../util/lift';\nimport { `,
    typed: 'createOpe',
    rest: `ratorSubscriber } from './OperatorSubscriber';`,
    word: 'ratorSubscriber',
    opening: 'export function freshWork(part: string) {\n',
    indent: '  ',
  },
  {
    language: 'Python',
    version: { registry: 'pypi', name: 'requests', version: '2.32.3' },
    parts: ['requests'],
    file: 'requests/freshN.py',
    standing: 'from .exceptions import StreamConsumedError\nfrom .hooks import default_hooks\n',
    typed: 'from .status_c',
    rest: 'odes import codes',
    word: 'odes',
    opening: 'def fresh_work(part):\n',
    indent: '    ',
  },
  {
    language: 'Go',
    version: { registry: 'go', name: 'github.com/gin-gonic/gin', version: 'v1.10.0' },
    parts: ['.'],
    file: 'freshN_test.go',
    standing: 'package gin\n\nfunc TestFresh(t *testing.T) {\n\tw := httptest.NewRecorder()\n\tc, _ := ',
    typed: 'CreateTe',
    rest: 'stContext(w)',
    word: 'stContext',
    opening: 'package gin\n\nfunc freshWork(part string) {\n',
    indent: '\t',
  },
];
