import { plainTree, type PlainTree } from '../../../grammars/plainTree.js';
import type { Grammars } from '../../../grammars/parse.js';
import { languageOfId } from '../../../grammars/registry.js';

/** Parses a text of a language; null where that cannot be done. */
export type Parse = (text: string, languageId: string) => PlainTree | null;

const maxUnits = 2_000_000;

export function createParse(grammars: Grammars): Parse {
  return (text, languageId) => {
    const language = languageOfId(languageId);
    if (language === null) return null;
    return grammars.withTree(language, text, tree => plainTree(tree, text), { maxUnits });
  };
}
