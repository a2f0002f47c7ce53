import type { Language } from '../../grammars/language.js';
import { findSecrets } from '../secrets/findSecrets.js';
import type { LineState } from './lexLine.js';

const words = [
  '[pP]ass(?:word|wd|phrase)|PASS(?:WORD|WD|PHRASE)|[pP]wd|PWD',
  '[sS]ecret|SECRET|[cC]redential|CREDENTIAL|[tT]oken|TOKEN',
  '(?:[aA]pi|[aA]ccess|[pP]rivate|[sS]igning|[eE]ncryption)[_-]?[kK]ey|(?:API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)[_-]?KEY',
].join('|');

/** A name with one of these words in it, up to where its value begins: with an optional type, quotes of a key, an operator. */
const assigned = `(?:${words})s?(?![a-z])[\\w-]*["'\`\\]]*\\s*(?::\\s*[\\w.]+\\s*(?==))?(?::=|=>|[:=])\\s*[a-zA-Z]{0,2}`;

const secretValue = new RegExp(`${assigned}["'\`]?[^"'\`\\s]*$`);

/** A name and its value stand close together; a long line is not searched from its start at each keystroke. */
export const lookBackUnits = 200;

/** Languages in which a value needs no quotes. */
const valueLanguages = new Set(['yaml', 'toml', 'json', 'jsonc', 'ini', 'properties', 'dotenv', 'shellscript', 'env']);

/** Whether the value of something that is named like a secret is being written: a literal, not an expression. */
export function isSecretPlace(prefix: string, state: LineState, language: Language): boolean {
  if (state.kind !== 'string' && !valueLanguages.has(language.id)) return false;
  return secretValue.test(prefix.slice(-lookBackUnits));
}

/** Where something begins that looks like a secret, or -1. The first line of a key block is enough. */
export function findSecret(text: string): number {
  const [first] = findSecrets(text);
  const block = text.search(/-----BEGIN [A-Z ]*PRIVATE KEY/);
  if (first === undefined || block === -1) return first?.start ?? block;
  return Math.min(first.start, block);
}
