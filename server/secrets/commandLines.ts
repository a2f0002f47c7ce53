import { isPlaceholder } from './placeholder.js';
import { looksLikeKey, looksRandom } from './randomness.js';
import type { FoundSecret } from './secrets.js';

/** User and password as one argument, as curl and its kin take them. */
const userOption =
  /(?<=[\s"',])(?:-u|--user|--proxy-user|--basic|-a|--auth)(?:[\s=]|["'],\s{0,4})["']?([\w.@+-]{1,64}):([^\s"'`]{4,200})/g;
/** Programs that take a password behind a short option. */
const passwordOption =
  /\b(?:mysql\w*|mariadb\w*|mongo\w*|sshpass|redis-cli|docker login|podman login|helm registry login|ldapsearch|sqlcmd|smbclient|htpasswd)\b[^\n|;]{0,200}?\s-(?:p|a|w|P)[ =]?["']?([^\s"'`|;]{4,200})/g;
/** `Authorization: Bearer …`, in a header, an argument or a string of its own. */
const scheme = /\b(bearer|basic|token|apikey|digest)\s{1,4}["']?([A-Za-z0-9._~+/=:-]{8,4096})/gi;
/** Written by registries' clients: user and password as base64. */
const registryAuth = /["']?\b_?auth["']?\s{0,4}[:=]\s{0,4}["']?([A-Za-z0-9+/]{8,400}={0,2})/g;
const identifiedBy = /\b(?:IDENTIFIED\s+BY|PASSWORD)\s+(?:PASSWORD\s+)?'([^'\n]{4,200})'/gi;
const onTheSpot = /(?<=\botpauth:\/\/[^\s"']{0,200}[?&]secret=)[A-Z2-7]{12,80}/gi;

const given =
  /(?:\becho\s+["']?([^\s"'|$]{4,200})["']?\s*\|\s*(?:docker|podman|helm|sudo|crane)\b[^\n]{0,120}(?:-stdin|-S)\b|\s-pass(?:in|out)?\s+pass:([^\s"'`$]{4,200})|\bthin:[\w$]{1,60}\/([^\s"'@/$]{4,100})@)/g;
/** User and password as arguments: `auth=("me", "…")`, `HTTPBasicAuth("me", "…")`. */
const pair =
  /(?:\bauth\s{0,4}[=:]\s{0,4}[([]|BasicAuth\w{0,20}\(|\b(?:basic_?auth|login|authenticate|set_?credentials|\w{0,30}Credentials?|PasswordAuthentication|getConnection|createConnection|mysqli(?:_connect)?|PDO)\((?:\s{0,20}(?:["'][^"'\n]{1,200}["']|[\w.]{1,60})\s{0,4},)?)\s{0,20}["'][^"'\n]{1,100}["']\s{0,4},\s{0,20}["']([^"'\s]{4,200})["']/gi;

/** Secrets in commands, headers and statements, which stand behind no name of theirs. */
export function findInCommands(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  const add = (match: RegExpExecArray, value: string, kind: string) => {
    const end = match.index + match[0].length - (match[0].endsWith("'") && !value.endsWith("'") ? 1 : 0);
    found.push({ start: end - value.length, end, kind });
  };
  if (/-(?:u|a)\b|--(?:user|proxy-user|basic|auth)\b/.test(text)) {
    for (const match of text.matchAll(userOption)) {
      const value = match[2] ?? '';
      if (!/^\d{1,6}$|^\/\//.test(value) && !isPlaceholder(value) && /\d|[^\w]/.test(value))
        add(match, value, 'password');
    }
  }
  for (const match of text.matchAll(passwordOption)) {
    const value = match[1] ?? '';
    if (!/^[$-]|^\d{1,5}$|^[./~]/.test(value) && !isPlaceholder(value) && /\d|[^\w.:/-]/.test(value))
      add(match, value, 'password');
  }
  for (const match of text.matchAll(scheme)) {
    const [, name = '', value = ''] = match;
    const isSecret =
      name.toLowerCase() === 'basic' ? isUserAndPassword(value) : looksRandom(value) && !isPlaceholder(value);
    if (isSecret) add(match, value, `${name.toLowerCase()}-authorization`);
  }
  for (const match of text.matchAll(registryAuth)) {
    const value = match[1] ?? '';
    if (isUserAndPassword(value)) add(match, value, 'registry-auth');
  }
  for (const match of text.matchAll(identifiedBy)) {
    const value = match[1] ?? '';
    if (!isPlaceholder(value) && !/\s/.test(value)) add(match, value, 'password');
  }
  for (const match of text.matchAll(given)) {
    const value = match[1] ?? match[2] ?? match[3] ?? '';
    const start = match.index + match[0].lastIndexOf(value);
    if (!isPlaceholder(value)) found.push({ start, end: start + value.length, kind: 'password' });
  }
  for (const match of text.matchAll(pair)) {
    const value = match[1] ?? '';
    const start = match.index + match[0].length - 1 - value.length;
    const isMixed = /[A-Za-z]/.test(value) && /\d|[@#$%^&*!]/.test(value) && !/[/:.]/.test(value);
    // The keys of a cloud hold slashes, as paths do; those are not built by chance.
    const isKey = /^[A-Za-z0-9+/=]{24,}$/.test(value) && looksLikeKey(value);
    if ((isMixed || isKey) && !isPlaceholder(value)) found.push({ start, end: start + value.length, kind: 'password' });
  }
  if (text.includes('otpauth:')) for (const match of text.matchAll(onTheSpot)) add(match, match[0], 'otp-secret');
  return found;
}

/** Base64 of `user:password`, in letters that are printed. */
function isUserAndPassword(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  return (
    /^[\x20-\x7e]{1,128}:[\x20-\x7e]{1,256}$/.test(decoded) && decoded.length >= Math.floor((value.length * 3) / 4) - 3
  );
}
