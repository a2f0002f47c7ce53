import { isDigest, looksRandom, uuid } from '../../secrets/randomness.js';
import type { FoundSecret } from '../../secrets/secrets.js';

/**
 * Whether what could be a secret is one that stops a change. Redaction hides whatever might be secret, which costs nothing;
 * here a mistake costs a person's time, so that passwords of tests, samples of documents and default passwords pass.
 */
export function isSecretOfCode(
  { start, end, kind }: FoundSecret,
  text: string,
  role: 'program' | 'example' | 'words',
): boolean {
  const value = text.slice(start, end);
  if (harmless.has(kind) || isSample(value)) return false;
  if (byNameAlone.has(kind)) return role === 'program' && isNamedSecret(value, kind, text, start, end);
  return role === 'program' || !shownInExamples.has(kind);
}

/** Nobody gets in with it. */
const harmless: ReadonlySet<string> = new Set(['password-hash']);

/** Known by what they are called, and not by how they look. */
export const byNameAlone: ReadonlySet<string> = new Set([
  'password',
  'secret',
  'secret-key',
  'token',
  'url-password',
  'url-token',
  'kubernetes-secret',
  'basic-authorization',
  'bearer-authorization',
  'token-authorization',
  'apikey-authorization',
  'digest-authorization',
]);

/** Of a form that tests and documents make up, or make, to have one. */
const shownInExamples: ReadonlySet<string> = new Set([
  'json-web-token',
  'json-web-key',
  'private-key',
  'signed-link',
  'azure-connection-key',
  'azure-key',
  'registry-auth',
  'otp-secret',
  'firebase-key',
  'twilio-key',
  'mailgun-key',
  'launchdarkly-key',
  'facebook-token',
]);

/** Written to show the form: a run of the alphabet, words for examples, few different characters, well-known values. */
function isSample(value: string): boolean {
  // A key block says in words what it is; only what is in it counts.
  const body = value.replace(/-----[A-Z ]+-----/g, '');
  if (/example|sample|dummy|fake|placeholder|redacted|changeme|your[-_]?|xxxx|\.\.\.|…|\*\*\*/i.test(body)) return true;
  if (/0123456789|123456789|abcdefgh|ABCDEFGH|abcdef123|deadbeef|(.)\1{5}/i.test(body)) return true;
  if (wellKnown.some(known => body.includes(known))) return true;
  return body.length >= 12 && new Set(body).size < 6;
}

/** Of emulators and of the pages that explain a form. */
const wellKnown = [
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6',
  'C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw',
  'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
  'TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ',
];

function isNamedSecret(value: string, kind: string, text: string, start: number, end: number): boolean {
  const name = text.slice(Math.max(0, start - 40), start);
  if (kind === 'password' && /(?:phrase|mnemonic|seed)["'\]]{0,2}\s{0,4}[:=]{1,2}\s{0,4}["'`]?$/i.test(name))
    return true;
  if (value.length < 6 || !/^[\x21-\x7e]+$/.test(value)) return false;
  if (uuid.test(value)) return /(?:api[-_]?key|secret)["'\]]{0,2}\s{0,4}[:=]{1,2}\s{0,4}["'`]?$/i.test(name);
  if (looksWritten(value) || /^0x[0-9a-f]{40}$/i.test(value)) return false;
  if (kind === 'url-password' || kind === 'url-token') return isStrong(value) && !isNearBy(text, end);
  if (kind === 'kubernetes-secret') return isStrong(value) && !isTemplated(text, start, end);
  // The digest of something, under a name that keys have too: a lock file's, a test's of signatures.
  if (kind === 'secret-key') return value.length >= 20 && isStrong(value) && !isDigest(value) && !isSignature(name);
  if (kind !== 'password') return value.length >= 16 && isStrong(value);
  return /["'`]/.test(text.charAt(start - 1)) ? isMixed(value) : value.length >= 8 && isMixed(value) && isStrong(value);
}

function isSignature(name: string): boolean {
  return /(?:sig|signature|integrity|salt|etag)["'\]]{0,2}\s{0,4}[:=]{1,2}\s{0,4}["'`]?$/i.test(name);
}

/** What chance has made: not words, with or without their vowels changed. */
function isStrong(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && looksRandom(value);
}

/** Letters with digits or marks: the least that is asked of a password, and more than what is written for a label. */
function isMixed(value: string): boolean {
  return /[A-Za-z]/.test(value) && (/\d/.test(value) || /[!@#$%^&*?+~]/.test(value));
}

/** Code, markup or a path, taken for a literal. */
function looksWritten(value: string): boolean {
  if (/(?:^|[-_])(?:sha\d{1,3}|md5|rsa|aes\d*|pkcs\d*)(?:[-_]|$)/i.test(value)) return true;
  // The short digests of a table.
  if (/^[0-9a-f]{8,31}$/.test(value)) return true;
  if (/^[\w+/-]{20,}={0,2}$/.test(value) && isStrong(value)) return false;
  if (/^[.#@&:$%!-]|[(){}<>[\]|;,=\\]|:\/\/|\/$|^\/|::|->/.test(value)) return true;
  const isName = /^[A-Za-z_][A-Za-z_-]*\d?$|^[A-Za-z]+\d{0,4}(?:_[A-Za-z]*\d{0,4})+$|^[a-z]+\d?[A-Z][a-z]+$/.test(
    value,
  );
  return isName && !looksRandom(value);
}

/** The other end is this machine, or one that is made up. */
function isNearBy(text: string, end: number): boolean {
  return /^@(?:localhost|127\.|0\.0\.0\.0|\[::1|host\b|hostname|example\.|[\w.-]*\.(?:example|test|invalid|localhost)\b|db[:/"']|(?:my|your)?[-_]?(?:host|server|domain))/i.test(
    text.slice(end, end + 80),
  );
}

function isTemplated(text: string, start: number, end: number): boolean {
  return /\{\{|\$\{/.test(text.slice(start - 4, end + 4));
}
