import { argumentOf, optionOf, textOf, type Context, type Rule } from '../context.js';
import type { Call, Expression } from '../expression.js';
import type { Danger } from '../families.js';
import { lastOf } from '../paths.js';

/** DES, RC4 and the like, and ECB, which shows where blocks are the same. Nobody needs them in new code but for old formats. */
export const weakCipher: Rule = context => [
  ...context.program.calls.flatMap(call => {
    const name = cipherOf(call, context);
    if (name !== null) return [danger(call, name)];
    const bits = keyBitsOf(call, context);
    return bits === null || bits >= 2048 || bits < 256 ? [] : [shortKey(call, bits)];
  }),
  ...modes(context),
];

function cipherOf(call: Call, context: Context): string | null {
  const path = context.path(call.callee);
  switch (context.program.language) {
    case 'python': {
      const own = /(?:^|\.)Cipher\.(DES3?|ARC2|ARC4|Blowfish|CAST|XOR)\.new$/.exec(path);
      if (own !== null) return own[1] ?? null;
      if (/^(?:DES3?|ARC[24]|Blowfish)\.new$/.test(path)) return path.slice(0, -4);
      if (/(?:^|\.)modes\.ECB$/.test(path)) return 'ECB';
      if (/(?:^|\.)AES\.new$/.test(path)) {
        const mode = argumentOf(call, 1, 'mode');
        return mode !== null && lastOf(context.path(mode)) === 'MODE_ECB' ? 'ECB' : null;
      }
      return /(?:^|\.)algorithms\.(ARC4|Blowfish|IDEA|CAST5|SEED|TripleDES)$/.exec(path)?.[1] ?? null;
    }
    case 'javascript': {
      if (/^crypto\.create(?:Cipher|Decipher)$/.test(path)) return 'A cipher without an initialisation vector';
      if (/^crypto\.create(?:Cipher|Decipher)iv$/.test(path))
        return weakName(textOf(argumentOf(call, 0), context.program));
      return /^(?:crypto-js|CryptoJS)\.(DES|TripleDES|RC4|Rabbit)\.encrypt$/.exec(path)?.[1] ?? null;
    }
    case 'go':
      return /^crypto\/(des|rc4)\.New(?:TripleDES)?Cipher$/.exec(path)?.[1]?.toUpperCase() ?? null;
    case 'java': {
      if (!/(?:^|\.)(?:Cipher|KeyGenerator|SecretKeyFactory)\.getInstance$/.test(path)) return null;
      const name = textOf(argumentOf(call, 0), context.program);
      // Without a mode it is ECB.
      if (/(?:^|\.)Cipher\.getInstance$/.test(path) && name !== null && /^AES$|^AES\/ECB/i.test(name)) return 'ECB';
      return weakName(name);
    }
  }
}

/** How long a key for RSA is made, where that is written out. */
function keyBitsOf(call: Call, { path, program }: Context): number | null {
  const way = path(call.callee);
  if (program.language === 'python') {
    if (/(?:^|\.)(?:RSA|DSA)\.generate$/.test(way)) return numberOf(argumentOf(call, 0, 'bits'));
    return /(?:^|\.)(?:rsa|dsa)\.generate_private_key$/.test(way) ? numberOf(argumentOf(call, 1, 'key_size')) : null;
  }
  if (program.language === 'javascript') {
    return /^crypto\.generateKeyPair(?:Sync)?$/.test(way) ? numberOf(optionOf(call, 'modulusLength')) : null;
  }
  return program.language === 'go' && way === 'crypto/rsa.GenerateKey' ? numberOf(argumentOf(call, 1)) : null;
}

function numberOf(expression: Expression | null): number | null {
  return expression?.kind === 'scalar' && /^\d+$/.test(expression.value) ? Number(expression.value) : null;
}

function shortKey({ start, end }: Call, bits: number): Danger {
  const message = `A key of ${bits} bits can be broken. Use 2048 or more.`;
  return { rule: 'security/weak-cipher', severity: 'high', start, end, message, fix: null };
}

function modes({ program, path }: Context): Danger[] {
  return program.settings
    .filter(({ name, value }) => name === 'mode' && /^(?:crypto-js|CryptoJS)\.mode\.ECB$/.test(path(value)))
    .map(setting => danger(setting, 'ECB'));
}

function weakName(name: string | null): string | null {
  const found =
    name === null
      ? null
      : /^(?:(des|desede|des-ede3?|3des|rc[24]|arcfour|bf|blowfish|cast5?|idea|seed)(?:[-/]|$)|(?:aes|id-aes)[\w-]*-(ecb)$)/i.exec(
          name,
        );
  return (found?.[1] ?? found?.[2])?.toUpperCase() ?? null;
}

function danger(place: Pick<Call, 'start' | 'end'>, name: string): Danger {
  return {
    rule: 'security/weak-cipher',
    severity: 'high',
    start: place.start,
    end: place.end,
    message: `${name} does not keep a secret. Use AES in GCM mode, or ChaCha20-Poly1305.`,
    fix: null,
  };
}
