import type { Language } from '../../../../grammars/language.js';
import type { Grammars } from '../../../../grammars/parse.js';

/** Error and missing nodes of a text: what a reader of the tree would call broken. */
export function errorCount(grammars: Grammars, language: Language, text: string): number {
  const count = grammars.withTree(language, text, tree => {
    let errors = 0;
    const cursor = tree.walk();
    const visit = (): void => {
      if (cursor.currentNode.isError || cursor.currentNode.isMissing) errors++;
      if (!cursor.currentNode.hasError || !cursor.gotoFirstChild()) return;
      do visit();
      while (cursor.gotoNextSibling());
      cursor.gotoParent();
    };
    visit();
    cursor.delete();
    return errors;
  });
  return count ?? 0;
}
