import type { CodeIndex } from '../../index/codeIndex.js';
import type { Definition, DefinitionLookup } from './source.js';

export interface DefinitionLookupOptions {
  readonly folders: () => readonly string[];
  readonly index: (folder: string) => CodeIndex | null;
  readonly now: () => number;
}

/** A definition that came since is seen so much later. */
const freshMs = 10_000;
/** What is older is told once more, while it is asked anew: who types does not wait for what has hardly changed. */
const keptMs = 300_000;
const maxNames = 4_000;
/** Names of one question that nobody waits for: those of somebody who does come in between. */
const namesAhead = 40;

/** Remembers answers, and shares those under way. A look-up goes on when nobody waits for it any more. */
export function createDefinitionLookup({ folders, index, now }: DefinitionLookupOptions): DefinitionLookup {
  const answers = new Map<string, Answer>();
  let ahead: readonly string[] = [];
  let isAhead = false;

  return {
    async find(names) {
      const wanted = [...new Set(names)];
      const missing = wanted.filter(name => ageOf(name) >= keptMs);
      if (missing.length > 0) ask(missing);
      const found = wanted.map(name => answers.get(name)?.found ?? []);
      const old = wanted.filter(name => ageOf(name) >= freshMs);
      if (old.length > 0) ask(old);
      return (await Promise.all(found)).flat();
    },
    prepare(names) {
      ahead = names;
      if (!isAhead) void askAhead(); // It never rejects.
    },
  };

  function ageOf(name: string): number {
    const kept = answers.get(name);
    return kept === undefined ? Infinity : now() - kept.atMs;
  }

  /** The newest wish alone counts: who opened another document has left the one before. */
  async function askAhead(): Promise<void> {
    isAhead = true;
    while (ahead.length > 0) {
      const missing = ahead.filter(name => ageOf(name) >= freshMs);
      const next = missing.slice(0, namesAhead);
      ahead = missing.slice(namesAhead);
      if (next.length > 0) await ask(next).catch(() => []);
    }
    isAhead = false;
  }

  /** All that is missing in one question: each costs the store about the same. */
  function ask(names: readonly string[]): Promise<unknown> {
    if (answers.size >= maxNames) answers.clear();
    const all = definitionsOf(names);
    for (const name of names) {
      const found = all.then(definitions => definitions.filter(each => each.name === name));
      const answer = { atMs: now(), found };
      answers.set(name, answer);
      found.catch(() => {
        if (answers.get(name) === answer) answers.delete(name);
      });
    }
    return all;
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

interface Answer {
  readonly atMs: number;
  readonly found: Promise<readonly Definition[]>;
}

const never = new AbortController().signal;
