import type { Language } from '../../grammars/language.js';
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

const keyShapes = [
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/,
  /\bgithub_pat_\w{40,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/,
  /\bAIza[0-9A-Za-z_-]{30,}/,
  /\beyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{8,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
];

const secretLiteral = new RegExp(`${assigned}(["'\`])(?=[^"'\`\\s]{6,}\\1)`);

/** Where a literal begins that looks like a secret, or -1. */
export function findSecret(text: string): number {
  const found = keyShapes.map(shape => text.search(shape)).filter(at => at >= 0);
  const named = secretLiteral.exec(text);
  if (named !== null) found.push(named.index + named[0].length);
  return found.length === 0 ? -1 : Math.min(...found);
}
