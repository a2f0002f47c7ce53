import { argumentOf, isFalse, optionOf, textOf, type Context, type Rule } from '../context.js';
import type { Call } from '../expression.js';
import type { Danger } from '../families.js';
import { lastOf } from '../paths.js';

/**
 * MD5 and SHA-1. They serve well as checksums, so that this is `medium`, nothing where the names around say what it is for, and
 * `high` only for passwords.
 */
export const weakHash: Rule = context =>
  context.program.calls.flatMap(call => {
    const name = hashOf(call, context) ?? fastHashOf(call, context);
    if (name === null) return [];
    const near = statementAround(call, context.program.text);
    const isPassword = passwordNames.test(near);
    const isFast = /^SHA-?[235]/.test(name);
    if (!isPassword && (isFast || checksumNames.test(near))) return [];
    const severity = isPassword && !isFast ? 'high' : 'medium';
    return [danger(call, name, severity, isPassword, isFast)];
  });

const weak = /^(?:md[245]|sha-?1?|ripemd(?:-?128)?|md5-?sha1)$/i;

function hashOf(call: Call, context: Context): string | null {
  const path = context.path(call.callee);
  const last = lastOf(path);
  switch (context.program.language) {
    case 'python': {
      if (isFalse(optionOf(call, 'usedforsecurity'))) return null;
      if (/^hashlib\.(?:md5|sha1)$/.test(path)) return last.toUpperCase();
      if (path === 'hashlib.new') return weakText(textOf(argumentOf(call, 0, 'name'), context.program));
      const module = /(?:^|\.)Hash\.(MD[245]|SHA1?)\.new$/.exec(path) ?? /hashes\.(MD5|SHA1)$/.exec(path);
      return module?.[1] ?? null;
    }
    case 'javascript':
      if (path === 'crypto.createHash') return weakText(textOf(argumentOf(call, 0), context.program));
      return /^(?:crypto-js|CryptoJS)(?:\.|\/)(?:MD5|SHA1)$|^(?:md5|blueimp-md5|js-md5|sha1|js-sha1)$/i.test(path)
        ? last.toUpperCase()
        : null;
    case 'go':
      return (
        /^(?:golang\.org\/x\/)?crypto\/(md[45]|sha1|ripemd160)\.(?:New|Sum)$/.exec(path)?.[1]?.toUpperCase() ?? null
      );
    case 'java': {
      const isDigest = /(?:^|\.)(?:MessageDigest|DigestUtils)\.(?:getInstance|getDigest)$/.test(path);
      if (isDigest) return weakText(textOf(argumentOf(call, 0), context.program));
      const known = /(?:^|\.)(?:DigestUtils\.(md5|sha1?)(?:Hex|AsHex)?|Hashing\.(md5|sha1))$/.exec(path);
      return known === null ? null : (known[1] ?? known[2] ?? '').toUpperCase();
    }
  }
}

/** Good for anything but passwords, which are guessed all the sooner. */
function fastHashOf(call: Call, { path, program }: Context): string | null {
  const way = path(call.callee);
  if (program.language === 'python') return /^hashlib\.(sha(?:224|256|384|512))$/.exec(way)?.[1]?.toUpperCase() ?? null;
  if (program.language !== 'javascript' || way !== 'crypto.createHash') return null;
  const name = textOf(argumentOf(call, 0), program);
  return name !== null && /^sha-?(?:224|256|384|512)$/i.test(name) ? name.toUpperCase() : null;
}

function weakText(name: string | null): string | null {
  return name !== null && weak.test(name) ? name.toUpperCase() : null;
}

const passwordNames = /passw|passphrase|\bpwd\b|\bpass\b|credential/i;
const checksumNames =
  /etag|checksum|cache|finger_?print|digest_?size|gravatar|avatar|content_?hash|file_?hash|dedup|integrity|short_?hash|revision|\bgit|bucket|shard|content-md5|contentmd5|websocket|sec-?web|258EAFA5|uuid|namespace|\bseed|hash_?ring|signature_?v1|oauth|pbkdf|hotp|totp/i;

/** The lines of a call, and the head of its function. */
function statementAround({ start, end }: Call, text: string): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', end);
  const lines = text.slice(Math.max(from, start - 300), to < 0 ? end + 200 : Math.min(to, end + 200));
  const heads = text
    .slice(Math.max(0, start - 1200), start)
    .match(/(?:def|function|func|static|public|private)\s[^\n]{0,120}\(/g);
  return `${heads?.at(-1) ?? ''}\n${lines}`;
}

function danger(
  { start, end }: Call,
  name: string,
  severity: Danger['severity'],
  isPassword: boolean,
  isFast: boolean,
): Danger {
  const advice = isPassword
    ? 'Use a function that is made for passwords: scrypt, bcrypt or Argon2.'
    : 'Use SHA-256, unless this only tells files apart.';
  return {
    rule: 'security/weak-hash',
    severity,
    start,
    end,
    message: `${name} ${isFast ? 'is made to be fast, which helps those who guess' : 'can be forged'}. ${advice}`,
    fix: null,
  };
}
