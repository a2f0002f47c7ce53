import { declarationsOf, type Declaration } from './declarationsOf.js';

/** Reads a text once, and again when it is another. */
export function createDeclarationCache(
  maxFiles = 300,
): (path: string, text: string, languageId: string) => Promise<readonly Declaration[]> {
  const kept = new Map<string, { readonly text: string; readonly found: Promise<readonly Declaration[]> }>();
  return (path, text, languageId) => {
    const known = kept.get(path);
    kept.delete(path);
    const entry = known?.text === text ? known : { text, found: declarationsOf(text, languageId) };
    kept.set(path, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= maxFiles) break;
      kept.delete(oldest);
    }
    return entry.found;
  };
}
