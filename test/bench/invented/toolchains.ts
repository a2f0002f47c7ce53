import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../../server/sandbox/createSandbox.js';
import { createGoVetValidator } from '../../../server/validate/go/createGoVetValidator.js';
import { createJavacValidator } from '../../../server/validate/java/createJavacValidator.js';
import { createCargoValidator } from '../../../server/validate/rust/createCargoValidator.js';
import { goRow } from './go.js';
import { javaRow } from './java.js';
import { checkerOf } from './namesChecker.js';
import type { InventedRow } from './row.js';
import { rustRow } from './rust.js';

const { env } = process;

/** The same mutants for the compilers, as in a workspace that is trusted. Seconds a mutant: name one project. */
export const toolchainRows: readonly InventedRow[] = [
  {
    ...goRow,
    language: 'GoToolchain',
    open: () => Promise.resolve(checkerOf([createGoVetValidator({ env })], 'go', true)),
  },
  {
    ...javaRow,
    language: 'JavaToolchain',
    open: () => Promise.resolve(checkerOf([createJavacValidator({ env })], 'java', true)),
  },
  {
    ...rustRow,
    language: 'RustToolchain',
    open: () => {
      const cacheRoot = realpathSync(mkdtempSync(join(tmpdir(), 'bench-cargo-')));
      const sandbox = createSandbox({ leaveOut: () => false, env });
      return Promise.resolve(checkerOf([createCargoValidator({ env, sandbox, cacheRoot })], 'rust', true));
    },
  },
];
