import type { AnswerReader } from './generation.js';

/** A chat's answer without the thoughts that some models write at its start, in tags, though they are told not to. */
export function withoutThoughts(): AnswerReader {
  let held = '';
  let state: 'start' | 'thinking' | 'answer' = 'start';
  return {
    isFinished: false,
    push(chunk) {
      if (state === 'answer') return chunk;
      held += chunk;
      if (state === 'start') {
        const start = held.trimStart();
        if (start.startsWith(opening)) state = 'thinking';
        else if (opening.startsWith(start)) return '';
        else return give(held);
      }
      const end = held.indexOf(closing);
      if (end !== -1) return giveTrimmed(held.slice(end + closing.length));
      // Only as much as the closing tag could begin in.
      held = opening + held.slice(opening.length).slice(-closing.length);
      return '';
    },
    end() {
      if (state === 'start') return give(held);
      return '';
    },
  };

  function give(text: string): string {
    state = 'answer';
    held = '';
    return text;
  }

  /** Lines between thoughts and answer belong to neither; they may come later than the tag. */
  function giveTrimmed(text: string): string {
    const trimmed = text.trimStart();
    if (trimmed === '') {
      held = opening + closing;
      return '';
    }
    return give(trimmed);
  }
}

const opening = '<think>';
const closing = '</think>';
