const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const closers = new Set([')', ']', '}']);

/** Brackets that a piece of text leaves open, as the closers they wait for, innermost last; and where it closes others'. */
export interface BracketBalance {
  readonly waiting: readonly string[];
  readonly foreign: readonly { readonly at: number; readonly closer: string }[];
}

/** Counts brackets outside quotes. Quotes that do not end on their line are taken for apostrophes. */
export function balanceOf(text: string): BracketBalance {
  const waiting: string[] = [];
  const foreign: { at: number; closer: string }[] = [];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charAt(at);
    if (unit === '"' || unit === "'" || unit === '`') at = endOfQuote(text, at);
    else if (unit in closerOf) waiting.push(closerOf[unit] ?? '');
    else if (closers.has(unit)) {
      if (waiting.at(-1) === unit) waiting.pop();
      else foreign.push({ at, closer: unit });
    }
  }
  return { waiting, foreign };
}

function endOfQuote(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length && text.charAt(at) !== '\n'; at++) {
    if (text.charAt(at) === '\\') at++;
    else if (text.charAt(at) === quote) return at;
  }
  return start;
}

/** Only what ends something: an editor may have put it there by itself. */
export function isClosersOnly(text: string): boolean {
  return /^[\s)\]}>"'`;,:]*$/.test(text);
}
