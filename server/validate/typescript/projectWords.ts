import type { Configuration } from './configuration.js';
import type { ConfinedFiles } from './confinedFiles.js';

/** What the project's own text says of a name, types or not. */
export interface ProjectWords {
  /** Whether any file gives something that name: assigns, declares or quotes it. */
  gives(name: string, configuration: Configuration): boolean;
  /** Whether any file puts that name into the global object. */
  isMadeGlobal(name: string, configuration: Configuration): boolean;
  /** Whether the name stands anywhere in files other than one. */
  standsElsewhere(name: string, except: string, configuration: Configuration): boolean;
}

const maxTextUnits = 40_000_000;

export function createProjectWords(files: ConfinedFiles): ProjectWords {
  const texts = new Map<string, { readonly stamp: string | null; readonly text: string }>();

  const textOf = (path: string): string => {
    if (files.isGiven(path)) return files.readFile(path) ?? '';
    const stamp = files.stamp(path);
    const known = texts.get(path);
    if (known !== undefined && known.stamp === stamp) return known.text;
    const text = files.readFile(path) ?? '';
    texts.set(path, { stamp, text });
    return text;
  };
  function* sources({ fileNames }: Configuration): Iterable<{ readonly path: string; readonly text: string }> {
    let units = 0;
    for (const path of fileNames) {
      const text = textOf(path);
      units += text.length;
      if (units > maxTextUnits) return;
      yield { path, text };
    }
  }

  return {
    gives(name, configuration) {
      const giving = givingOf(name);
      for (const { text } of sources(configuration)) if (text.includes(name) && giving.test(text)) return true;
      return false;
    },
    isMadeGlobal(name, configuration) {
      const made = new RegExp(`\\b(?:window|global|globalThis|self)\\.${name.replaceAll('$', '\\$')}\\s*=(?!=)`);
      for (const { text } of sources(configuration)) if (text.includes(name) && made.test(text)) return true;
      return false;
    },
    standsElsewhere(name, except, configuration) {
      const word = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
      for (const { path, text } of sources(configuration)) {
        if (path !== except && text.includes(name) && word.test(text)) return true;
      }
      return false;
    },
  };
}

/** Assigned, a key or a method, quoted, declared, or named alone in braces. */
function givingOf(name: string): RegExp {
  const word = name.replaceAll('$', '\\$');
  const ways = [
    `(?<![\\w$])${word}\\s*(?:=(?![=>])|\\+\\+|--|(?:[-+*/|&^%?]{1,3}|<<|>>)=)`,
    `(?<![\\w$.])${word}\\s*(?::|\\([^()]*\\)\\s*\\{)`,
    `['"\`]${word}['"\`]`,
    `\\b(?:get|set|static|async|function|class|var|let|const)\\s+\\*?\\s*#?${word}(?![\\w$])`,
    `\\{\\s*(?:[\\w$]+\\s*,\\s*)*${word}\\s*[,}]`,
  ];
  return new RegExp(ways.join('|'));
}
