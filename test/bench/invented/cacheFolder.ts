import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where projects lie that were fetched once. */
export function benchFolder(language: string): string {
  const folder = join(homedir(), '.cache', 'understudy-bench', 'invented', language);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** So many of a list, spread over all of it, the same each time. */
export function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, at) => items[Math.floor((at * items.length) / most)]).filter(
    item => item !== undefined,
  );
}
