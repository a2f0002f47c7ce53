import type { Language } from '../../grammars/language.js';
import type { LineState } from './lexLine.js';

const secretName =
  /(?:^|[^a-z])(?:\w*[_.-])?(?:pass(?:word|wd|phrase)?|pwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|client[_-]?secret|auth[_-]?token|access[_-]?token|token|credentials?)(?:[_-]\w*)?\s*["'`\]]*\s*(?::=|=>|[:=])\s*[a-zA-Z]{0,2}["'`]?[^"'`\s]*$/i;
const camelSecretName =
  /(?:[pP]ass(?:word|phrase)|[sS]ecret|[aA]pi[kK]ey|[aA]ccessKey|[pP]rivateKey|[tT]oken|[cC]redentials?)\w*["'`\]]*\s*(?::=|=>|[:=])\s*[a-zA-Z]{0,2}["'`]?[^"'`\s]*$/;

/** Languages in which a value needs no quotes. */
const valueLanguages = new Set(['yaml', 'toml', 'json', 'jsonc', 'ini', 'properties', 'dotenv', 'shellscript', 'env']);

/** Whether the value of something that is named like a secret is being written: a literal, not an expression. */
export function isSecretPlace(prefix: string, state: LineState, language: Language): boolean {
  if (state.kind !== 'string' && !valueLanguages.has(language.id)) return false;
  return secretName.test(prefix) || camelSecretName.test(prefix);
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

const secretLiteral =
  /(?:pass(?:word|wd|phrase)|secret|api[_-]?key|(?:access|private|secret)[_-]?key|[tT]oken|credentials?)\w*["'`\]]*\s*(?::=|=>|[:=])\s*[a-zA-Z]{0,2}(["'`])(?=[^"'`\s]{6,}\1)/i;

/** Where a literal begins that looks like a secret, or -1. */
export function findSecret(text: string): number {
  const found = keyShapes.map(shape => text.search(shape)).filter(at => at >= 0);
  const named = secretLiteral.exec(text);
  if (named !== null) found.push(named.index + named[0].length);
  return found.length === 0 ? -1 : Math.min(...found);
}
