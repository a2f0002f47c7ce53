import { isPlaceholder } from './placeholder.js';
import { looksLikeKey, looksRandom } from './randomness.js';
import type { FoundSecret } from './secrets.js';

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

function isVariable(password: string): boolean {
  return /^\$\w+$|^\{.*\}$|^%[A-Za-z]+%?$|^:\w+$/.test(password);
}
