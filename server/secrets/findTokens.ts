import { isPlaceholder } from './placeholder.js';
import { looksRandom } from './randomness.js';
import type { FoundSecret } from './secrets.js';
import { tokenShapes, type TokenShape } from './tokenShapes.js';

/** Tokens that tell by their form what they are, wherever they stand. */
export function findTokens(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  heads.lastIndex = 0;
  for (let at = heads.exec(text); at !== null; at = heads.exec(text)) {
    const secret = tokenAt(text, at.index, at[0]);
    if (secret !== null) found.push(secret);
    heads.lastIndex = secret?.end ?? at.index + 1;
  }
  for (const { kind, sign, pattern } of headless) {
    if (!text.includes(sign)) continue;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      if (isWordStart(text, match.index)) found.push({ start: match.index, end: pattern.lastIndex, kind });
      else pattern.lastIndex = match.index + 1;
    }
  }
  return found;
}

/** Whether a word of code begins as a token does, and goes on like one. */
export function beginsLikeToken(word: string): boolean {
  const head = firstHead.exec(word);
  return head !== null && (tokenAt(word, 0, head[0]) !== null || /^eyJ[A-Za-z0-9]/.test(word));
}

interface Compiled {
  readonly shape: TokenShape;
  readonly head: string;
  readonly whole: RegExp;
}

const compiled: readonly Compiled[] = tokenShapes.flatMap(shape =>
  shape.heads.map(head => ({ shape, head, whole: new RegExp(escaped(head) + shape.rest, 'y') })),
);

/** By a head, every shape that may begin where it stands: its own and those of shorter heads. The longest first. */
const byHead = new Map(
  compiled.map(({ head }) => [
    head,
    compiled.filter(other => head.startsWith(other.head)).sort((a, b) => b.head.length - a.head.length),
  ]),
);

const alternatives = [...byHead.keys()]
  .sort((a, b) => b.length - a.length)
  .map(escaped)
  .join('|');
const heads = new RegExp(alternatives, 'g');
const firstHead = new RegExp(`^(?:${alternatives})`);

function tokenAt(text: string, start: number, head: string): FoundSecret | null {
  if (!isWordStart(text, start)) return null;
  for (const { shape, whole, head: own } of byHead.get(head) ?? []) {
    whole.lastIndex = start;
    const match = whole.exec(text)?.[0];
    if (match === undefined) continue;
    const rest = match.slice(own.length);
    if (isPlaceholder(rest) || (shape.isLoose === true && !looksRandom(rest))) continue;
    return { start, end: start + match.length, kind: shape.kind };
  }
  return null;
}

/** Nothing of a word before it, but for the letter of an escape such as `\n` or `%3D`, or the `u003d` of JSON. */
function isWordStart(text: string, at: number): boolean {
  if (at === 0 || !/[A-Za-z0-9]/.test(text.charAt(at - 1))) return true;
  const before = text.slice(Math.max(0, at - 6), at);
  return /\\[nrtbfv0]$|%[0-9A-Fa-f]{2}$|\\u[0-9A-Fa-f]{4}$|\\x[0-9A-Fa-f]{2}$/.test(before);
}

/** Tokens that are known by what stands in their middle. */
const headless: readonly { readonly kind: string; readonly sign: string; readonly pattern: RegExp }[] = [
  { kind: 'telegram-bot-token', sign: ':AA', pattern: /\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  {
    kind: 'discord-bot-token',
    sign: '.',
    pattern: /[MNO](?=[A-Za-z]*\d|[a-z]*[A-Z])[\w-]{23,27}\.[\w-]{6}\.[\w-]{27,45}(?![\w-])/g,
  },
  { kind: 'mailchimp-key', sign: '-us', pattern: /[0-9a-f]{32}-us\d{1,2}(?!\w)/g },
  { kind: 'mailgun-key', sign: '-', pattern: /[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![\w-])/g },
  { kind: 'openai-key', sign: 'T3BlbkFJ', pattern: /[\w-]{20,100}T3BlbkFJ[\w-]{20,100}/g },
  { kind: 'azure-client-secret', sign: 'Q~', pattern: /[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])/g },
  { kind: 'azure-key', sign: 'JQQJ99', pattern: /\w{52}JQQJ99\w{26}(?!\w)/g },
  { kind: 'azure-key', sign: 'AzF', pattern: /[\w-]{40,48}AzF[\w-]{5,10}==/g },
  { kind: 'azure-storage-key', sign: '+ASt', pattern: /[A-Za-z0-9+/]{70,80}\+ASt[A-Za-z0-9+/]{5,8}={0,2}/g },
  { kind: 'azure-cosmos-key', sign: 'ACDb', pattern: /[A-Za-z0-9+/]{70,80}ACDb[A-Za-z0-9+/]{5,8}={0,2}/g },
  { kind: 'azure-devops-token', sign: 'AZDO', pattern: /[A-Za-z0-9]{70,80}AZDO[A-Za-z0-9]{4}/g },
];

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
