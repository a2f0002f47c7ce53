import assert from 'node:assert/strict';
import { createSecretsValidator } from '../../../../server/validate/secrets/createSecretsValidator.js';
import { anywhere } from '../support/anywhere.js';

/** Put together here, so that this file holds none. */
const aws = `AKIA${'Q3EGRIJ7LXVZ5WNT'}`;
const github = `ghp_${'k4TzW8mQvR1xB7nLcY2pD9sJfH6gA3eU0oKi'}`;
const stripe = `sk_live_${'9fK2mX7qLw4TzR8vB1nC6yJd'}`;
const chance = 'x9Kd72mQpL4vTz81RwBn';
const key = ['-----BEGIN PRIVATE KEY-----', `MIIEvQIBADAN${chance.repeat(3)}`, '-----END PRIVATE KEY-----'].join('\n');
const token = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from('{"sub":"7318842"}').toString('base64url')}.${chance}${chance}`;

const mustBeFound: readonly (readonly [path: string, text: string, rule: string, marked: string])[] = [
  ['src/a.ts', `const id = "${aws}";`, 'secrets/aws-access-key critical', aws],
  ['src/a.test.ts', `const id = "${aws}";`, 'secrets/aws-access-key critical', aws],
  ['docs/a.md', `export TOKEN=${github}`, 'secrets/github-token critical', github],
  ['src/pay.py', `stripe.api_key = "${stripe}"`, 'secrets/stripe-key critical', stripe],
  ['deploy/key.txt.go', `const k = \`${key}\``, 'secrets/private-key critical', key],
  ['src/a.js', `headers.set("Authorization", "Bearer ${token}")`, 'secrets/json-web-token critical', token],
  ['src/a.py', `password = "Tr0ub4dor&3"`, 'secrets/password high', 'Tr0ub4dor&3'],
  ['src/a.yaml', `db:\n  password: ${chance}\n`, 'secrets/password high', chance],
  ['src/a.ts', `connect("postgres://app:${chance}@10.1.2.3/shop")`, 'secrets/url-password high', chance],
  ['src/a.ts', `const clientSecret = "${chance}";`, 'secrets/secret high', chance],
  ['src/a.env.ts', `const apiKey = "${chance}${chance}";`, 'secrets/token high', chance + chance],
  ['src/a.ts', `const api_key = "0b8f34c2-9d1e-4c7a-8e55-2f6a1d9c7b30";`, 'secrets/token high', '0b8f'],
];

const nearTwins: readonly (readonly [path: string, text: string])[] = [
  ['src/a.ts', 'const id = "AKIAIOSFODNN7EXAMPLE";'],
  ['src/a.ts', 'const password = process.env.PASSWORD;'],
  ['src/a.ts', 'const password = "password";'],
  ['src/a.ts', 'const password = "<your password>";'],
  ['src/a.ts', 'const passwordField = "current-password";'],
  ['src/a.py', 'password = os.environ["DB_PASSWORD"]'],
  ['src/a.yaml', 'password: ${DB_PASSWORD}\nother_password: "{{ vault_password }}"\n'],
  ['src/a.yaml', 'POSTGRES_PASSWORD: postgres\n'],
  ['src/i18n/de.json', '{"LABEL_PASSWORD": "Passw0rt!"}'],
  ['src/a.ts', 'const requestId = "0b8f34c2-9d1e-4c7a-8e55-2f6a1d9c7b30";'],
  ['src/a.ts', 'const commit = "da39a3ee5e6b4b0d3255bfef95601890afd80709";'],
  ['src/a.ts', 'const cacheKey = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";'],
  ['package-lock.json', `{"integrity": "sha512-${chance}${chance}${chance}=="}`],
  ['src/a.ts', 'connect("postgres://postgres:postgres@localhost:5432/shop")'],
  ['src/a.ts', `connect("amqp://guest:${chance}@localhost")`],
  ['src/a.ts', 'connect("postgres://user:password@host/db")'],
  ['src/a.ts', 'const token = getToken("access_token_v2_name");'],
  ['test/login.test.ts', 'login({ user: "bob", password: "Tr0ub4dor&3" })'],
  ['test/fixtures/key.ts', `const k = \`${key}\``],
  ['src/jwt_test.go', `token := "${token}"`],
  ['README.md', `curl -u bob:${chance} https://api.internal/`],
  ['src/a.ts', 'const KeyExchange = "mlkem768x25519-sha256";'],
  ['src/a.ts', 'const TokenAddress = "0x36435796Ca9be2bf150CE0dECc2D8Fab5C4d6E13";'],
  ['src/a.sql', `hash = '$2b$12$${chance}${chance}${chance.slice(0, 13)}'`],
  ['src/a.ts', 'const apiKey = "REDACTED_TOKEN_1";'],
];

describe('secrets', () => {
  const validator = createSecretsValidator();
  const examine = (path: string, text: string) =>
    validator.examine(
      [{ path: `/w/${path}`, languageId: '', text }],
      { ...anywhere, folder: '/w' },
      new AbortController().signal,
    );

  for (const [path, text, rule, marked] of mustBeFound) {
    it(`${rule} in ${path}`, async () => {
      const { findings, unknown } = await examine(path, text);
      const [first] = findings;
      assert.ok(first !== undefined, 'found');
      assert.equal(`${first.rule} ${first.severity}`, rule);
      const secret = text.slice(first.start, first.end);
      assert.ok(secret.startsWith(marked), 'marks the value');
      assert.ok(!first.message.includes(secret) && !first.message.includes(marked.slice(0, 8)), first.message);
      assert.equal(findings.length, 1);
      assert.equal(unknown, null);
    });
  }

  for (const [path, text] of nearTwins) {
    it(`nothing in ${path}: ${text.slice(0, 60)}`, async () => {
      assert.deepEqual(await examine(path, text), { findings: [], unknown: null });
    });
  }

  it('says that it does not search what is huge', async () => {
    const { findings, unknown } = await examine('a.ts', 'x\n'.repeat(1_000_001));
    assert.deepEqual(findings, []);
    assert.match(unknown?.why ?? '', /large/);
  });

  it('stops when it is told to', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));
    await assert.rejects(
      validator.examine([{ path: '/w/a.ts', languageId: '', text: '' }], anywhere, stopped),
      /stopped/,
    );
  });
});
