import type { Language } from '../../grammars/language.js';

/** Text as a comment of a language, line by line; null where it has none. */
export function asComment(text: string, language: Language | null): string | null {
  const lines = text.trim().split(/\r?\n/);
  const [line] = language?.lineComments ?? [];
  if (line !== undefined) return lines.map(each => `${line} ${each}`.trimEnd()).join('\n') + '\n';
  const [block] = language?.blockComments ?? [];
  if (block === undefined) return null;
  const [open, close] = block;
  return lines.map(each => `${open} ${each.replaceAll(close, '')} ${close}`).join('\n') + '\n';
}
