import { goRow } from './go.js';
import type { InventedRow } from './row.js';

/** One line a language. */
export const rows: readonly InventedRow[] = [goRow];
