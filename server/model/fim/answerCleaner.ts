import type { RenderedFillIn } from './render.js';
import type { AnswerCleaner } from './rendered.js';
import { chain, dropStart, replacing, upTo, type Stage } from './stages.js';

/**
 * Turns the raw answer to a fill-in prompt into the text that comes after the cursor. It ends at the first token of the
 * model's own; what the prompt showed broken up is written as the person wrote it; the line's beginning is not said again;
 * and the blanks that the prompt was cut by are taken off.
 */
export function createAnswerCleaner({ ends, defused, typed, healed }: RenderedFillIn): AnswerCleaner {
  return chain([upTo(ends), replacing(defused), withoutEcho(typed), withoutHealed(typed, healed)]);
}

/** For a server that may take blanks off the answer itself: a word is no sign that the model wrote on at the last one. */
export function createLenientCleaner({ ends, defused, typed, healed }: RenderedFillIn): AnswerCleaner {
  return chain([upTo(ends), replacing(defused), withoutEcho(typed), withoutBlanks(typed, healed)]);
}

/** Fewer could as well be meant: `foo(` goes on in `foo(foo(1))`. */
const minEchoChars = 8;

function withoutEcho(typed: string): Stage {
  const line = typed.trim();
  if (line.length < minEchoChars || !/\w\W+\w/.test(line)) return dropStart(() => 0);
  return dropStart(text => countEcho(text, line));
}

/** Blanks and the line, when the text begins with them; null while it could. */
export function countEcho(text: string, line: string): number | null {
  const start = text.length - text.trimStart().length;
  const rest = text.slice(start);
  if (rest.startsWith(line)) return start + line.length;
  return line.startsWith(rest) ? null : 0;
}

function withoutHealed(typed: string, healed: string): Stage {
  if (healed === '') return dropStart(() => 0);
  const endsInWord = /[\p{L}\p{N}_$]$/u.test(typed.slice(0, -healed.length));
  return dropStart((text, isEnd) => {
    // The model was to go on after the blank, and has gone on with the word before it.
    if (endsInWord && /^[\p{L}\p{N}_$]/u.test(text)) return Infinity;
    return countBlanks(text, isEnd, typed, healed);
  });
}

export function withoutBlanks(typed: string, healed: string): Stage {
  return healed === '' ? dropStart(() => 0) : dropStart((text, isEnd) => countBlanks(text, isEnd, typed, healed));
}

/** Behind code a second blank is never meant; on an empty line, what goes deeper than the cursor is. */
function countBlanks(text: string, isEnd: boolean, typed: string, healed: string): number | null {
  const blanks = /^[ \t]*/.exec(text)?.[0].length ?? 0;
  if (blanks === text.length && !isEnd) return null;
  return typed.trim() === '' && text.startsWith(healed) ? healed.length : blanks;
}
