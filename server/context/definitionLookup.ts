import type { CodeIndex } from '../../index/codeIndex.js';
import type { Definition, DefinitionLookup } from './source.js';

export interface DefinitionLookupOptions {
  readonly folders: () => readonly string[];
  readonly index: (folder: string) => CodeIndex | null;
  readonly now: () => number;
}

/** A definition that came since is seen so much later. */
const keptMs = 10_000;
const maxNames = 4_000;

/** Remembers answers for some seconds, and shares those under way. A look-up goes on when nobody waits for it any more. */
export function createDefinitionLookup({ folders, index, now }: DefinitionLookupOptions): DefinitionLookup {
  const answers = new Map<string, { readonly atMs: number; readonly found: Promise<readonly Definition[]> }>();

  return {
    async find(names) {
      const missing = [...new Set(names)].filter(name => !isKept(name));
      if (missing.length > 0) ask(missing);
      return (await Promise.all(names.map(name => answers.get(name)?.found ?? []))).flat();
    },
  };

  function isKept(name: string): boolean {
    const kept = answers.get(name);
    return kept !== undefined && now() - kept.atMs < keptMs;
  }

  /** All that is missing in one question: each costs the store about the same. */
  function ask(names: readonly string[]): void {
    if (answers.size >= maxNames) answers.clear();
    const all = definitionsOf(names);
    for (const name of names) {
      const found = all.then(definitions => definitions.filter(each => each.name === name));
      answers.set(name, { atMs: now(), found });
      found.catch(() => answers.delete(name));
    }
  }

  async function definitionsOf(names: readonly string[]): Promise<readonly Definition[]> {
    const found = await Promise.all(
      folders().map(async folder => {
        const definitions = await (index(folder)?.definitions(names, never) ?? []);
        return definitions.map(definition => ({ ...definition, folder }));
      }),
    );
    return found.flat();
  }
}

const never = new AbortController().signal;
