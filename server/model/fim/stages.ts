import type { AnswerCleaner } from './rendered.js';

/**
 * One step of cleaning. Each holds back what later text could still change, so that how an answer is cut into chunks makes
 * no difference to what comes out.
 */
export type Stage = AnswerCleaner;

/** One after the other, as one. */
export function chain(stages: readonly Stage[]): Stage {
  const last = stages.length;
  const from = (index: number, text: string, isEnd: boolean): string => {
    let passed = text;
    for (let at = index; at < last; at += 1) {
      const stage = stages[at];
      if (stage === undefined) break;
      passed = stage.push(passed) + (isEnd ? stage.end() : '');
    }
    return passed;
  };
  return {
    push: chunk => from(0, chunk, false),
    end: () => from(0, '', true),
    get isFinished() {
      return stages.some(stage => stage.isFinished);
    },
  };
}

/** Text up to the first of the marks. */
export function upTo(marks: readonly string[]): Stage {
  let held = '';
  let isFinished = false;
  const take = (isEnd: boolean): string => {
    const at = firstOf(held, marks, isEnd);
    isFinished = isEnd || at.mark !== null;
    const passed = held.slice(0, at.index);
    held = isFinished ? '' : held.slice(at.index);
    return passed;
  };
  return {
    push(chunk) {
      if (isFinished) return '';
      held += chunk;
      return take(false);
    },
    end: () => (isFinished ? '' : take(true)),
    get isFinished() {
      return isFinished;
    },
  };
}

/** Each key written as its value. */
export function replacing(replacements: ReadonlyMap<string, string>): Stage {
  const marks = [...replacements.keys()];
  let held = '';
  const take = (isEnd: boolean): string => {
    let passed = '';
    for (;;) {
      const { index, mark } = firstOf(held, marks, isEnd);
      passed += held.slice(0, index);
      held = held.slice(index);
      if (mark === null) return passed;
      passed += replacements.get(mark) ?? mark;
      held = held.slice(mark.length);
    }
  };
  return {
    push(chunk) {
      held += chunk;
      return take(false);
    },
    end: () => take(true),
    isFinished: false,
  };
}

/**
 * Takes off the beginning: `count` says how many characters, or null while that cannot be told; at the end it is asked
 * once more and has to. Infinity: nothing of this answer is of any use.
 */
export function dropStart(count: (text: string, isEnd: boolean) => number | null): Stage {
  let held: string | null = '';
  let isFinished = false;
  const take = (isEnd: boolean): string => {
    if (held === null) return '';
    const dropped = count(held, isEnd);
    if (dropped === null && !isEnd) return '';
    const passed = held.slice(dropped ?? 0);
    isFinished = dropped === Infinity;
    held = null;
    return passed;
  };
  return {
    push(chunk) {
      if (isFinished) return '';
      if (held === null) return chunk;
      held += chunk;
      return take(false);
    },
    end: () => (isFinished ? '' : take(true)),
    get isFinished() {
      return isFinished;
    },
  };
}

/**
 * Where the first mark begins, or where one could be beginning at the end of the text: the earlier place wins, since the one
 * that is complete first need not be the one that began first.
 */
function firstOf(
  text: string,
  marks: readonly string[],
  isEnd: boolean,
): { readonly index: number; readonly mark: string | null } {
  let index = text.length;
  let found: string | null = null;
  for (const mark of marks) {
    const at = text.indexOf(mark);
    // Of two that begin at one place the longer one, so that order does not matter.
    if (at >= 0 && (at < index || (at === index && mark.length > (found?.length ?? 0)))) {
      index = at;
      found = mark;
    }
  }
  if (isEnd) return { index, mark: found };
  for (const mark of marks) {
    const length = overlap(text, mark);
    const begins = text.length - length;
    if (length > 0 && (begins < index || (begins === index && mark.length > (found?.length ?? 0)))) {
      index = begins;
      found = null;
    }
  }
  return { index, mark: found };
}

/** How much of the end of `text` is a beginning, but not all, of `mark`. */
function overlap(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length -= 1) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
