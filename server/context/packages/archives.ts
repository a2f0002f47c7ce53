import { openArchive, type Archive } from './archive.js';

const maxArchives = 16;
/** One that is missing may be fetched; one that is there never changes, as its version is in its name. */
const missingMs = 30_000;

/** Keeps the lists of the archives last read. */
export function createArchives(now: () => number): (path: string, within: string) => Promise<Archive | null> {
  const kept = new Map<string, { readonly archive: Promise<Archive | null>; untilMs: number }>();
  return (path, within) => {
    const known = kept.get(path);
    kept.delete(path);
    const entry = known !== undefined && now() < known.untilMs ? known : look(path, within);
    kept.set(path, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= maxArchives) break;
      kept.delete(oldest);
    }
    return entry.archive;
  };

  function look(path: string, within: string): { readonly archive: Promise<Archive | null>; untilMs: number } {
    const archive = openArchive(path, within);
    const entry = { archive, untilMs: Infinity };
    void archive.then(found => {
      if (found === null) entry.untilMs = now() + missingMs;
    });
    return entry;
  }
}
