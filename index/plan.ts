import type { ScannedFile } from './scan.js';

/** What is known of a file without reading it again. */
export interface KnownFile {
  readonly size: number;
  readonly mtimeMs: number;
}

export interface ScanPlan {
  /** New or changed, in the order of the scan. */
  readonly toRead: readonly ScannedFile[];
  readonly removed: readonly string[];
}

/** Compares a scan with what is known: equal size and time mean equal content. */
export function planScan(known: ReadonlyMap<string, KnownFile>, scanned: readonly ScannedFile[]): ScanPlan {
  const toRead = scanned.filter(file => {
    const before = known.get(file.path);
    return before === undefined || before.size !== file.size || before.mtimeMs !== file.mtimeMs;
  });
  const isNew = toRead.reduce((count, file) => count + (known.has(file.path) ? 0 : 1), 0);
  if (known.size === scanned.length - isNew) return { toRead, removed: [] };
  const present = new Set(scanned.map(file => file.path));
  return { toRead, removed: [...known.keys()].filter(path => !present.has(path)) };
}

/**
 * Files close to `near` (folders relative to the workspace, '' for its top) first; steps up and down the tree count.
 * Without any, those near the top come first. Within one distance the order stays.
 */
export function orderByNearness(files: readonly ScannedFile[], near: readonly string[]): ScannedFile[] {
  const places = near.length === 0 ? [[]] : near.map(steps);
  const distances = new Map<string, number>();
  const distanceOf = (path: string): number => {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    let distance = distances.get(folder);
    if (distance === undefined) {
      const own = steps(folder);
      distance = Math.min(...places.map(place => distanceBetween(own, place)));
      distances.set(folder, distance);
    }
    return distance;
  };
  return files
    .map(file => ({ file, distance: distanceOf(file.path) }))
    .sort((left, right) => left.distance - right.distance)
    .map(({ file }) => file);
}

/** Cuts into pieces of at most so many files and bytes; a larger file is a piece of its own. */
export function cutIntoJobs<File extends { readonly size: number }>(
  files: readonly File[],
  maxFiles: number,
  maxBytes: number,
): File[][] {
  const jobs: File[][] = [];
  let job: File[] = [];
  let bytes = 0;
  for (const file of files) {
    if (job.length > 0 && (job.length >= maxFiles || bytes + file.size > maxBytes)) {
      jobs.push(job);
      job = [];
      bytes = 0;
    }
    job.push(file);
    bytes += file.size;
  }
  if (job.length > 0) jobs.push(job);
  return jobs;
}

function steps(folder: string): readonly string[] {
  return folder === '' ? [] : folder.split('/');
}

function distanceBetween(left: readonly string[], right: readonly string[]): number {
  let common = 0;
  while (common < left.length && common < right.length && left[common] === right[common]) common++;
  return left.length + right.length - 2 * common;
}
