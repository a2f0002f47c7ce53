import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SkippedFile } from './catalog.js';

const NAME = 'skipped.json';
const REASONS: ReadonlySet<string> = new Set<SkippedFile['reason']>(['binary', 'generated', 'minified', 'not-text']);

/** Files that were read before and left out. Whatever is wrong with the list, they are only read again. */
export function readSkippedFiles(cacheFolder: string): SkippedFile[] {
  try {
    const list: unknown = JSON.parse(readFileSync(join(cacheFolder, NAME), 'utf8'));
    return Array.isArray(list) ? list.filter(isSkippedFile) : [];
  } catch {
    return [];
  }
}

/** Replaces the list as a whole, so that a kill leaves the old one or the new one. */
export function writeSkippedFiles(cacheFolder: string, files: readonly SkippedFile[]): void {
  const kept = files
    .filter(file => REASONS.has(file.reason))
    .map(({ path, size, mtimeMs, reason }) => ({ path, size, mtimeMs, reason }));
  const temporary = join(cacheFolder, `${NAME}.${process.pid}.tmp`);
  writeFileSync(temporary, JSON.stringify(kept), { mode: 0o600 });
  renameSync(temporary, join(cacheFolder, NAME));
}

function isSkippedFile(value: unknown): value is SkippedFile {
  if (typeof value !== 'object' || value === null) return false;
  const file = value as Readonly<Record<string, unknown>>;
  return (
    typeof file['path'] === 'string' &&
    typeof file['size'] === 'number' &&
    typeof file['mtimeMs'] === 'number' &&
    typeof file['reason'] === 'string' &&
    REASONS.has(file['reason'])
  );
}
