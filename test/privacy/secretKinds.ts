import { createHash } from 'node:crypto';

/** One kind of secret as its issuer, or a person, makes it. */
export interface SecretKind {
  readonly kind: string;
  readonly make: (random: () => number) => string;
  /** Names that it is given; null: it is known wherever it stands. */
  readonly names: readonly string[] | null;
  /** Stands where a file of this kind has it, and nowhere else. */
  readonly onlyIn?: readonly string[];
}

const digits = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const hex = `${digits}abcdef`;
const word = digits + lower + upper;
const web = `${word}-_`;
const base64 = `${word}+/`;

export function letters(random: () => number, alphabet: string, count: number): string {
  return Array.from({ length: count }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');
}

export function pick<Value>(random: () => number, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('Nothing to pick from.');
  return value;
}

const telling = (kind: string, make: (random: () => number) => string): SecretKind => ({ kind, make, names: null });
const named = (kind: string, names: string, make: (random: () => number) => string): SecretKind => ({
  kind,
  make,
  names: names.split(' '),
});

/** As people and generators of passwords make them; none of the characters that a quoted literal must escape. */
function password(random: () => number): string {
  const words = ['Autumn', 'tiger', 'Montreal', 'coffee', 'Violet', 'rocket', 'harbour', 'Quantum', 'maple', 'Zephyr'];
  return pick(random, [
    () => `${pick(random, words)}${pick(random, words)}${letters(random, digits, 2)}!`,
    () => letters(random, `${word}!@#%^*-_=+?`, 12 + Math.floor(random() * 12)),
    () => `${pick(random, words)}${letters(random, digits, 4)}`,
    () => `${letters(random, lower, 1)}${letters(random, word, 13)}${letters(random, digits, 2)}#`,
    () => pick(random, words).toLowerCase().replace('o', '0').replace('e', '3') + letters(random, digits, 3),
  ])();
}

function jsonWebToken(random: () => number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ alg: pick(random, ['HS256', 'RS256', 'ES256']), typ: 'JWT' });
  const claims = part({
    sub: letters(random, digits, 8),
    iat: 1_700_000_000 + Math.floor(random() * 1e7),
    role: 'admin',
  });
  return `${header}.${claims}.${letters(random, web, 43)}`;
}

/** The look of a key block; what is in it is chance. */
function pem(random: () => number, label: string, start: string, width: number): string {
  const count = 6 + Math.floor(random() * 20);
  const body = start + letters(random, base64, count * width + 20 + Math.floor(random() * 30) - start.length);
  const lines = body.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}

function digestOf(random: () => number): string {
  return createHash('sha256').update(String(random())).digest('hex');
}

function uuid(random: () => number): string {
  const from = (count: number) => letters(random, hex, count);
  return `${from(8)}-${from(4)}-4${from(3)}-a${from(3)}-${from(12)}`;
}

export const secretKinds: readonly SecretKind[] = [
  telling('aws access key', random => pick(random, ['AKIA', 'ASIA']) + letters(random, upper + '234567', 16)),
  named('aws secret key', 'aws_secret_access_key secretAccessKey', random => letters(random, base64, 40)),
  telling('google api key', random => `AIza${letters(random, web, 35)}`),
  telling('google oauth secret', random => `GOCSPX-${letters(random, web, 28)}`),
  named('azure storage key', 'account_key storageAccountKey', random => `${letters(random, base64, 86)}==`),
  telling(
    'azure client secret',
    random => `${letters(random, word, 3)}8Q~${letters(random, `${web}.~`, 31)}${letters(random, word, 3)}`,
  ),
  telling('digitalocean token', random => `dop_v1_${letters(random, hex, 64)}`),
  telling('alibaba access key', random => `LTAI5t${letters(random, word, 18)}`),
  telling('github token', random => `${pick(random, ['ghp', 'gho', 'ghs'])}_${letters(random, word, 36)}`),
  telling(
    'github fine-grained token',
    random => `github_pat_${letters(random, word, 22)}_${letters(random, word, 59)}`,
  ),
  telling('gitlab token', random => `glpat-${letters(random, web, 20)}`),
  telling('npm token', random => `npm_${letters(random, word, 36)}`),
  telling('pypi token', random => `pypi-AgEIcHlwaS5vcmc${letters(random, web, 130)}`),
  telling(
    'slack token',
    random => `xoxb-${letters(random, digits, 12)}-${letters(random, digits, 12)}-${letters(random, word, 24)}`,
  ),
  telling(
    'slack webhook',
    random =>
      `https://hooks.slack.com/services/T${letters(random, upper, 8)}/B${letters(random, upper, 8)}/${letters(random, word, 24)}`,
  ),
  telling(
    'discord token',
    random =>
      `${pick(random, ['M', 'N'])}${letters(random, word, 23)}.${letters(random, web, 6)}.${letters(random, web, 38)}`,
  ),
  telling('telegram token', random => `${letters(random, '123456789', 10)}:AA${letters(random, web, 33)}`),
  telling(
    'stripe key',
    random =>
      `${pick(random, ['sk_live', 'rk_live', 'sk_test'])}_${letters(random, word, 24 + Math.floor(random() * 70))}`,
  ),
  named('twilio auth token', 'twilio_auth_token TWILIO_AUTH_TOKEN', random => letters(random, hex, 32)),
  telling('sendgrid key', random => `SG.${letters(random, web, 22)}.${letters(random, web, 43)}`),
  telling('mailgun key', random => `key-${letters(random, hex, 32)}`),
  telling('openai key', random => `sk-proj-${letters(random, web, 48)}`),
  telling('anthropic key', random => `sk-ant-api03-${letters(random, web, 93)}AA`),
  telling('huggingface token', random => `hf_${letters(random, lower + upper, 34)}`),
  telling('databricks token', random => `dapi${letters(random, hex, 32)}`),
  telling('shopify token', random => `shpat_${letters(random, hex, 32)}`),
  telling('square token', random => `sq0csp-${letters(random, web, 43)}`),
  telling('json web token', jsonWebToken),
  telling('private key', random => pem(random, 'PRIVATE KEY', 'MIIE', 64)),
  telling('rsa private key', random => pem(random, 'RSA PRIVATE KEY', 'MIIE', 64)),
  telling('openssh private key', random => pem(random, 'OPENSSH PRIVATE KEY', 'b3BlbnNzaC1rZXktdjEAAAAA', 70)),
  telling('password in an address', random => `postgres://app:${letters(random, word, 14)}@db.internal:5432/orders`),
  telling(
    'password in a connection string',
    random => `Server=sql01;Database=shop;User Id=shop_rw;Password=${letters(random, word, 13)};Encrypt=True`,
  ),
  named('password', 'password dbPassword smtp_password ADMIN_PASSWORD rootPassword passwd', password),
  named('client secret', 'client_secret oauthClientSecret APP_SECRET', random => letters(random, web, 40)),
  named('api key', 'api_key apiKey X_API_KEY weatherApiKey', random =>
    letters(random, pick(random, [hex, word, digits + lower]), 32),
  ),
  named('access token', 'access_token authToken REFRESH_TOKEN', random => letters(random, word, 40)),
  named('signing key', 'signing_key jwtSecret SESSION_SECRET encryption_key', digestOf),
  named('key that is a uuid', 'api_key heroku_api_key', uuid),
  named('passphrase', 'passphrase keyPassphrase', random =>
    Array.from({ length: 5 }, () =>
      pick(random, ['gravel', 'otter', 'window', 'seventh', 'magnet', 'plough', 'lantern']),
    ).join(' '),
  ),
  named('webhook secret', 'webhook_secret githubWebhookSecret', random => `whsec_${letters(random, word, 32)}`),
  named('datadog key', 'dd_api_key datadogAppKey', random => letters(random, hex, 40)),
  named('cloudflare token', 'cloudflare_api_token cfToken', random => letters(random, web, 40)),
  named(
    'django key',
    'SECRET_KEY',
    random => `django-insecure-${letters(random, `${digits}${lower}!@#%^*(-_=+)`, 50)}`,
  ),
];

/** What of a secret must not be shown: of one that is more than the secret itself, the part that is. */
export function hiddenParts(value: string): readonly string[] {
  if (value.startsWith('-----BEGIN')) return value.split('\n').slice(1, -1);
  const address = /:\/\/app:(\w+)@/.exec(value)?.[1] ?? /Password=(\w+);/.exec(value)?.[1];
  return [address ?? value.replace('https://hooks.slack.com/services/', '')];
}
