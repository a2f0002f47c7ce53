import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where projects lie that were fetched once. */
export function benchFolder(language: string): string {
  const folder = join(homedir(), '.cache', 'understudy-bench', 'invented', language);
  mkdirSync(folder, { recursive: true });
  return folder;
}
