import type { CodeIndex } from '../../index/codeIndex.js';
import type { Definition, DefinitionLookup } from './source.js';

export interface DefinitionLookupOptions {
  readonly folders: () => readonly string[];
  readonly index: (folder: string) => CodeIndex | null;
  readonly now: () => number;
}

/** A definition that came since is seen so much later. */
const keptMs = 8_000;
const maxNames = 2_000;
/** The store answers one after the other: more at once would only stand in the way of search. */
const maxAtOnce = 6;

/** Remembers answers for some seconds, and shares those under way. A look-up goes on when nobody waits for it any more. */
export function createDefinitionLookup(options: DefinitionLookupOptions): DefinitionLookup {
  const { folders, index, now } = options;
  const answers = new Map<string, { readonly atMs: number; readonly found: Promise<readonly Definition[]> }>();
  const waiting: (() => void)[] = [];
  let running = 0;

  return {
    find(name) {
      const kept = answers.get(name);
      if (kept !== undefined && now() - kept.atMs < keptMs) return kept.found;
      if (answers.size >= maxNames) answers.clear();
      const found = ask(name);
      answers.set(name, { atMs: now(), found });
      found.catch(() => answers.delete(name));
      return found;
    },
  };

  async function ask(name: string): Promise<readonly Definition[]> {
    if (running >= maxAtOnce) await new Promise<void>(resolve => waiting.push(resolve));
    running++;
    try {
      const found = await Promise.all(
        folders().map(async folder => {
          const definitions = await (index(folder)?.definitions(name, never) ?? []);
          return definitions.map(definition => ({ ...definition, folder }));
        }),
      );
      return found.flat();
    } finally {
      running--;
      waiting.shift()?.();
    }
  }
}

const never = new AbortController().signal;
