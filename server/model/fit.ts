import { estimateTokens, textOfFillIn } from './outgoing.js';
import type { FillInPrompt } from './prompt.js';

/** Estimates differ by so much from what a tokenizer makes of code. */
const tolerance = 1.2;
const charactersPerToken = 3.5;
/** Of what is left for the file itself, the part left of the cursor. */
const prefixShare = 0.7;

/** A prompt that fits a smaller model than it was made for: related code goes first, then what is far from the cursor. */
export function fitPrompt(prompt: FillInPrompt, promptTokens: number): FillInPrompt {
  if (isWithin(prompt, promptTokens)) return prompt;
  let related = prompt.related;
  while (related.length > 0 && !isWithin({ ...prompt, related }, promptTokens)) related = related.slice(0, -1);
  const fitted = { ...prompt, related };
  return isWithin(fitted, promptTokens) ? fitted : cutFile(fitted, promptTokens);
}

function isWithin(prompt: FillInPrompt, promptTokens: number): boolean {
  return estimateTokens(textOfFillIn(prompt)) <= promptTokens * tolerance;
}

function cutFile(prompt: FillInPrompt, promptTokens: number): FillInPrompt {
  const room = Math.max(0, Math.floor(promptTokens * charactersPerToken) - prompt.typed.length);
  const prefixRoom = Math.max(Math.floor(room * prefixShare), room - prompt.suffix.length);
  const prefix = lastLines(prompt.prefix, prefixRoom);
  const suffix = firstLines(prompt.suffix, room - prefix.length);
  const cutBefore = prompt.prefix.slice(0, prompt.prefix.length - prefix.length);
  const { before, after } = prompt.around ?? { before: '', after: '' };
  // What is not sent still tells what is a secret: a key whose beginning was cut off.
  const around = { before: before + cutBefore, after: prompt.suffix.slice(suffix.length) + after };
  return { ...prompt, prefix, suffix, around, startLine: prompt.startLine + linesIn(cutBefore) };
}

/** Whole lines from the end. */
function lastLines(text: string, room: number): string {
  if (text.length <= room) return text;
  const start = text.indexOf('\n', text.length - room - 1) + 1;
  return start === 0 ? '' : text.slice(start);
}

function firstLines(text: string, room: number): string {
  if (text.length <= room) return text;
  return text.slice(0, text.lastIndexOf('\n', room) + 1);
}

function linesIn(text: string): number {
  return text.split(/\r\n|\r|\n/).length - 1;
}
