import assert from 'node:assert/strict';
import { languageOfId, otherText } from '../../../grammars/registry.js';
import { lexLine } from '../../../server/complete/lexLine.js';
import { findSecret, isSecretPlace } from '../../../server/complete/secretPlace.js';

function check(languageId: string, prefix: string, expected: boolean): void {
  it(`${languageId}: ${prefix} ${expected ? 'is' : 'is not'} one`, () => {
    const language = languageOfId(languageId) ?? otherText;
    assert.equal(isSecretPlace(prefix, lexLine(prefix, language), language), expected);
  });
}

describe('places of secrets', () => {
  check('typescript', 'const password = "', true);
  check('typescript', "  apiKey: '", true);
  check('typescript', 'headers["x-api-key"] = "', true);
  check('typescript', 'const accessToken = `abc', true);
  check('python', 'DB_PASSWORD = "hunt', true);
  check('python', "connect(client_secret='", true);
  check('typescript', 'const apiKey: string = "', true);
  check('yaml', 'password: ', true);
  check('json', '  "secret": "', true);
  check('shellscript', 'export API_TOKEN=', true);
  check('typescript', 'const token = ', false);
  check('typescript', 'const password = read("', false);
  check('typescript', 'log("the password is ', false);
  check('typescript', 'const tokenizer = "', false);
  check('typescript', 'const passage = "', false);
});

describe('secrets in a text', () => {
  for (const [text, hidden] of [
    ['key = "AKIAIOSFODNN7EXAMPLE"', 'AKIA'],
    ['const password = "hunter22"', 'hunter22'],
    ['token: ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'ghp_'],
  ] as const) {
    it(text, () => assert.ok(!text.slice(0, findSecret(text)).includes(hidden)));
  }
  for (const text of ['const token = readToken(input);', 'password: string;', 'if (token === "(") {']) {
    it(`none in ${text}`, () => assert.equal(findSecret(text), -1));
  }
});
