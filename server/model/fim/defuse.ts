import { fimFamilies } from './families.js';
import { escapeRegExp } from '../../base/escapeRegExp.js';

/** What was broken up in a text, as it is shown to the model and as it was. */
export type Defused = ReadonlyMap<string, string>;

/**
 * Breaks up whatever a tokenizer could take for a token of its own, of any family: a text that holds one could end the
 * prompt, or pose as a turn of the conversation. A space after the first character is enough, as vocabularies match such
 * tokens to the letter, and a reader still knows what stood there.
 */
export function defuse(text: string): { readonly text: string; readonly defused: Defused } {
  const defused = new Map<string, string>();
  let safe = text;
  while (findToken.test(safe)) {
    safe = safe.replace(findTokens, token => {
      const broken = breakUp(token);
      defused.set(broken, token);
      return broken;
    });
  }
  return { text: safe, defused };
}

function breakUp(token: string): string {
  return `${token.slice(0, 1)} ${token.slice(1)}`;
}

/** Of conversations and ends of text: a raw prompt is read by the same tokenizer. */
const turns = [
  '<s>',
  '</s>',
  '<bos>',
  '<eos>',
  '<EOT>',
  '<start_of_turn>',
  '<end_of_turn>',
  '[INST]',
  '[/INST]',
  '[SYSTEM_PROMPT]',
  '[/SYSTEM_PROMPT]',
  '[MIDDLE]',
  '[gMASK]',
  '<sop>',
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  '<|eot_id|>',
  '<|user|>',
  '<|assistant|>',
  '<|system|>',
];

/** Every token known by name. Those of the form <|word|> are recognised besides, whatever their name. */
export const specialTokens: readonly string[] = [
  ...new Set(
    [...fimFamilies.flatMap(({ stop, special, pieces }) => [...stop, ...special, ...pieces.has]), ...turns]
      .map(token => token.replace('▁<', '<'))
      .filter(token => /^[<[]\S+[>\]]$/.test(token)),
  ),
];

const anyToken = [
  ...specialTokens.toSorted((left, right) => right.length - left.length).map(escapeRegExp),
  String.raw`<[|｜][^\s<>|｜]{1,48}[|｜]>`,
].join('|');
const findToken = new RegExp(anyToken);
const findTokens = new RegExp(anyToken, 'g');
