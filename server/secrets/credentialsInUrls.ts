import { isPlaceholder } from './placeholder.js';
import { looksLikeKey, looksRandom } from './randomness.js';
import type { FoundSecret } from './secrets.js';
import { matchAt, type Span } from './spans.js';

const userAndPassword = /([^\s"'`<>/@:?#\\]{0,128}):([^\s"'`<>/\\]{1,256})@(?=[\w[$.{%-])/y;
const userAlone = /([\w.~%+-]{20,256})@(?=[\w[])/y;

/** Passwords in addresses: `postgres://me:…@host`, `https://…@host`, and data source names without a scheme. */
export function findCredentialsInUrls(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const from = at + 3;
    userAndPassword.lastIndex = from;
    const both = userAndPassword.exec(text);
    if (both !== null) {
      const [whole, user = '', password = ''] = both;
      const start = from + user.length + 1;
      // What looks like user and password may be host and port, with an @ further on.
      const isPort = /^\d{1,5}[?#]/.test(password);
      if (!isPort && !isPlaceholder(password) && !isVariable(password)) {
        found.push({ start, end: from + whole.length - 1, kind: 'url-password' });
      }
      // A token may be the user, with anything as its password.
      if (looksLikeKey(user)) found.push({ start: from, end: from + user.length, kind: 'url-token' });
      continue;
    }
    const joined = joinedPassword(text, from);
    if (joined.length > 0) {
      found.push(...joined.map(span => ({ ...span, kind: 'url-password' })));
      continue;
    }
    userAlone.lastIndex = from;
    const user = userAlone.exec(text)?.[1];
    if (user !== undefined && looksRandom(user))
      found.push({ start: from, end: from + user.length, kind: 'url-token' });
  }
  for (const match of text.matchAll(goSource)) {
    const password = match[1] ?? '';
    const end = match.index + match[0].length;
    if (!isPlaceholder(password) && !isVariable(password)) {
      found.push({ start: end - password.length, end, kind: 'url-password' });
    }
  }
  return found;
}

/** `me:…@tcp(host)/name`. */
const goSource = /(?<=["'`=\s])[\w.-]{1,64}:([^\s:@/"'`]{3,128})(?=@(?:tcp|unix|udp)\d?\()/g;

/** The user, and what joins the literal that ends there to the next one. */
const userJoined =
  /[^\n]{0,120}?:(?:["'`]\s{0,20}(?:\+|\.|&|\|\||~|<>|\.\.)?\s{0,40}[a-zA-Z@$]{0,2}|\$?\{\s{0,4}|#\{\s{0,4})(["'`])/y;
const nextPiece = /\s{0,20}(?:\+|\.|&|\|\||~|<>|\.\.)?\s{0,40}[a-zA-Z@$]{0,2}(["'`])/y;

/**
 * A password that is put together with its address: `"mongodb://me:" + "…" + "@host"`, `mongodb://me:${"…"}@host`. All of its
 * pieces up to the sign that ends it; without one, only what has no look of a port or a path.
 */
function joinedPassword(text: string, from: number): Span[] {
  const opened = matchAt(userJoined, text, from);
  if (opened === null || /[@\s]/.test(opened[0].split(/["'`{]/)[0] ?? '')) return [];
  const pieces: Span[] = [];
  let at = from + opened[0].length;
  let quote = opened[1] ?? '"';
  let isEnded = false;
  while (pieces.length < 50 && !isEnded) {
    const end = text.indexOf(quote, at);
    if (end < 0 || end - at > 256 || /[\s/]/.test(text.slice(at, end).split('@')[0] ?? '')) break;
    const sign = text.slice(at, end).indexOf('@');
    isEnded = sign >= 0;
    const to = isEnded ? at + sign : end;
    if (to > at) pieces.push({ start: at, end: to });
    isEnded ||= /^\s{0,4}\}@/.test(text.slice(end + 1, end + 8));
    const next = matchAt(nextPiece, text, end + 1);
    if (next === null) break;
    at = end + 1 + next[0].length;
    quote = next[1] ?? '"';
  }
  const password = pieces.map(({ start, end }) => text.slice(start, end)).join('');
  if (password.length < 4 || isPlaceholder(password) || isVariable(password)) return [];
  return isEnded || (!/^\d/.test(password) && looksRandom(password)) ? pieces : [];
}

function isVariable(password: string): boolean {
  return /^\$\w+$|^\{.*\}$|^%[A-Za-z]+%?$|^:\w+$/.test(password);
}
