import { createBreath } from '../breath.js';
import { declarationsOf, type Declaration } from './declarationsOf.js';

/** Reads a text once, and again when it is another. */
export function createDeclarationCache(
  maxFiles = 150,
): (path: string, text: string, languageId: string) => Promise<readonly Declaration[]> {
  /** One after the other: what is read at the same time takes turns of the event loop at the same time, too. */
  const breath = createBreath();
  let last: Promise<unknown> = Promise.resolve();
  const kept = new Map<string, { readonly text: string; readonly found: Promise<readonly Declaration[]> }>();
  return (path, text, languageId) => {
    const known = kept.get(path);
    kept.delete(path);
    const entry = known?.text === text ? known : { text, found: read(text, languageId) };
    kept.set(path, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= maxFiles) break;
      kept.delete(oldest);
    }
    return entry.found;
  };

  function read(text: string, languageId: string): Promise<readonly Declaration[]> {
    const found = last.then(() => declarationsOf(text, languageId, breath));
    last = found.catch(() => undefined); // Whoever asked hears of it.
    return found;
  }
}
