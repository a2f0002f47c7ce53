import { blockTags } from './chatPrompt.js';
import { countEcho, withoutBlanks } from './fim/answerCleaner.js';
import { defuse } from './fim/defuse.js';
import type { AnswerCleaner } from './fim/rendered.js';
import { chain, dropStart, replacing, upTo, type Stage } from './fim/stages.js';
import type { FillInPrompt } from './prompt.js';

/** What ends an answer, for the server. */
export const holeStop: readonly string[] = ['</fill>'];

/**
 * Turns what a model said of a hole into the text that comes after the cursor. Thoughts, explanations, tags and fences are
 * taken off, what is typed already is not said again, nor the line that follows; an answer in words is none.
 */
export function createHoleCleaner(prompt: FillInPrompt): AnswerCleaner {
  const { typed, suffix } = prompt;
  const healed = typed.slice(typed.trimEnd().length);
  const shown = [...prompt.related.map(({ text }) => text), prompt.prefix, typed, suffix].join('\n');
  return chain([
    withoutThoughts(),
    onlyAnswer(),
    withoutFence(typed),
    upTo(['\n```', ...holeStop, ...blockTags(prompt)]),
    replacing(defuse(shown).defused),
    withoutEcho(typed),
    withoutBlanks(typed, healed),
    withoutSuffix(typed, suffix),
    withoutBlankEnd(),
  ]);
}

/** A model that thinks aloud though it was told not to. Thoughts that never end leave nothing. */
function withoutThoughts(): Stage {
  return dropStart((text, isEnd) => {
    const start = text.trimStart();
    for (const tag of ['think', 'thinking', 'reasoning']) {
      const open = `<${tag}>`;
      if (start === '' || (start.length < open.length && open.startsWith(start))) return isEnd ? 0 : null;
      if (!start.startsWith(open)) continue;
      const close = text.indexOf(`</${tag}>`);
      return close >= 0 ? close + tag.length + 3 : isEnd ? Infinity : null;
    }
    return 0;
  });
}

/**
 * What stands in the tags. Without them there is still the first fence, or a bare line of code: that is certain only at the
 * end, since tags could follow an introduction.
 */
function onlyAnswer(): Stage {
  return dropStart((text, isEnd) => {
    const tag = text.indexOf('<fill>');
    const fence = /(?:^|\n)[ \t]*```[^\n]*\n[^]*?\n[ \t]*```/.exec(text);
    const fenceEnd = fence === null ? Infinity : fence.index + fence[0].length;
    // Whichever is complete first, as when the text comes bit by bit.
    if (tag >= 0 && tag < fenceEnd) return tag + '<fill>'.length;
    if (fence === null && !isEnd) return null;
    const opened = fence ?? /(?:^|\n)[ \t]*```[^\n]*\n/.exec(text);
    if (opened !== null) return opened.index;
    return looksLikeProse.test(text) ? Infinity : 0;
  });
}

const looksLikeProse =
  /^\s*(?:(?:here|sure|certainly|of course|okay|ok|sorry|unfortunately|to (?:complete|fill|finish)|based on|it (?:looks|seems|appears)|the (?:missing|code|gap|completion|answer|following|function|line|text|rest)|this (?:code|function|line|is|will)|i(?:['’](?:m|ll|d)| (?:am|will|would|can|cannot|think)))\b)/i;

/** A fence inside the tags, and the line break that a model likes to put after a tag. */
function withoutFence(typed: string): Stage {
  // Behind these the line is complete: what follows may well begin with the next one.
  const mayBreak = !/(?:^|[=.+\-*/&|!?<]|\s)$/.test(typed);
  return dropStart((text, isEnd) => {
    const fence = /^\s*```[^\n]*\n/.exec(text);
    if (fence !== null) return fence[0].length;
    if (/^\s*(?:`{0,2}|```[^\n]*)$/.test(text) && !isEnd) return null;
    return mayBreak ? 0 : (/^[ \t]*\r?\n/.exec(text)?.[0].length ?? 0);
  });
}

/** All of the line, or the word that the cursor stands behind. */
function withoutEcho(typed: string): Stage {
  const line = typed.trim();
  const word = /[\p{L}\p{N}_$]{2,}$/u.exec(typed)?.[0] ?? '';
  return dropStart((text, isEnd) => {
    if (line.length >= 2) {
      const all = countEcho(text, line);
      if (all === null && !isEnd) return null;
      if (all !== null && all > 0) return all;
    }
    if (text.startsWith(word)) return word.length;
    return word.startsWith(text) && !isEnd ? null : 0;
  });
}

/** Less could as well be meant: brackets are for the filters to decide, who know how many are open. */
const minRepeatedChars = 4;

/**
 * Ends the text where it says again what stands after the cursor: the rest of the cursor's line at the end of its first
 * line, or the next line as a line of its own. Gives whole lines.
 */
function withoutSuffix(typed: string, suffix: string): Stage {
  const [rest = '', ...below] = suffix.split(/\r?\n/).map(line => line.trimEnd());
  const next = below.find(line => line !== '') ?? '';
  let before: string | null = typed;
  let held = '';
  let isFinished = false;
  /** The line as far as it is new, or null. */
  const keep = (line: string): string | null => {
    const first = before;
    before = null;
    const bare = line.trimEnd();
    if (first !== null && isTelling(rest)) return bare.endsWith(rest) ? bare.slice(0, -rest.length) : line;
    return isTelling(next) && (first ?? '') + bare === next ? null : line;
  };
  const take = (line: string, lineEnd: string): string => {
    if (isFinished) return '';
    const kept = keep(line);
    isFinished = kept === null || kept.length < line.trimEnd().length;
    return kept === null ? '' : kept + (isFinished ? '' : lineEnd);
  };
  return {
    push(chunk) {
      held += chunk;
      let passed = '';
      for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
        passed += take(held.slice(0, end), '\n');
        held = held.slice(end + 1);
      }
      return passed;
    },
    end: () => take(held, ''),
    get isFinished() {
      return isFinished;
    },
  };
}

function isTelling(line: string): boolean {
  return line.trim().length >= minRepeatedChars && /[\p{L}\p{N}_]/u.test(line);
}

function withoutBlankEnd(): Stage {
  let blanks = '';
  return {
    push(chunk) {
      const text = blanks + chunk;
      const end = text.trimEnd().length;
      blanks = text.slice(end);
      return text.slice(0, end);
    },
    end: () => '',
    isFinished: false,
  };
}
