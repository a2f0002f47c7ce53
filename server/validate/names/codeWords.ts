const piece =
  /r(#*)"[\s\S]*?"\1|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^\n]{1,10})'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|([\p{L}_][\p{L}\p{N}_]*)/gu;

/** The words of code in a language with C's comments: without those of comments and texts. */
export function addCodeWords(text: string, words: Set<string>): void {
  for (const { 2: word } of text.matchAll(piece)) if (word !== undefined) words.add(word);
}
