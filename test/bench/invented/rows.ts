import { goRow } from './go.js';
import { javaRow } from './java.js';
import { pythonAloneRow, pythonMembersRow, pythonRow } from './python.js';
import type { InventedRow } from './row.js';
import { rustRow } from './rust.js';
import { javascriptRow, typescriptRow } from './scriptRows.js';
import { toolchainRows } from './toolchains.js';

/** One line a language. */
export const rows: readonly InventedRow[] = [
  // Each on a line of its own.
  typescriptRow,
  javascriptRow,
  goRow,
  javaRow,
  rustRow,
  pythonRow,
  pythonAloneRow,
  pythonMembersRow,
  ...toolchainRows,
];
