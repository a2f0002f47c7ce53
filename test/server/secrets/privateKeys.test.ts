import assert from 'node:assert/strict';
import { findCutKeys, findPrivateKeys } from '../../../server/secrets/privateKeys.js';
import { seededRandom } from '../../bench/histories/random.js';
import { letters } from '../../privacy/secretKinds.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const random = seededRandom(7);
const lines = [
  ...Array.from({ length: 12 }, () => letters(random, alphabet, 64)),
  `${letters(random, alphabet, 30)}==`,
];
const [first, last] = ['-----BEGIN RSA PRIVATE KEY-----', '-----END RSA PRIVATE KEY-----'];
const block = [first, ...lines, last];

function check(name: string, before: string, hidden: string, after: string): void {
  it(name, () => {
    const text = before + hidden + after;
    assert.deepEqual(
      findPrivateKeys(text).map(({ start, end }) => text.slice(start, end)),
      [hidden],
    );
  });
}

describe('private keys', () => {
  check('in a file', 'key:\n', block.join('\n'), '\nnext: 1\n');
  check('with the line ends of Windows', 'const a = `', block.join('\r\n'), '`;\r\n');
  check('indented', 'a:\n  key: |\n    ', block.join('\n    '), '\n  other: 1\n');
  check('in one line with escapes', '{"private_key": "', `${block.join('\\n')}`, '\\n", "a": 1}');
  check('in one line with escaped escapes', '"{\\"k\\": \\"', block.join('\\\\n'), '\\\\n\\"}"');
  check('quoted line by line', 'String k = "', block.join('\\n" +\n    "'), '\\n";\nint a = 1;');
  check('commented out', 'a()\n# ', block.join('\n# '), '\n# done\nb()');
  check(
    'encrypted, with headers',
    '',
    [first, 'Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,0A1B', '', ...lines, last].join('\n'),
    '\n',
  );
  check('without its last line', 'k = """', block.slice(0, 9).join('\n'), '');
  check(
    'without its last line, with code behind it',
    'k = """',
    block.slice(0, -1).join('\n'),
    '"""\n\ndef f(a):\n    return a\n',
  );
  check('without its first line', '', block.slice(3).join('\n'), '\nconst a = 1;\n');
  check('without its first line, with escapes', '', block.slice(4).join('\\n'), '"\nconst a = 1;\n');

  for (const text of [
    `if (text.startsWith('${first}')) fail();`,
    `const marks = ['${first}', '${last}'];`,
    `${first}\n...\n${last}`,
    `${first}\nXXXXXXXXXXXXXXXXXXXXXXXXXXXX\n${last}`,
    `The line ${first} begins it and ${last} ends it.`,
  ]) {
    it(`none in ${text}`, () => assert.deepEqual(findPrivateKeys(text), []));
  }
});

describe('cuts of files', () => {
  const found = (text: string) => findCutKeys(text).map(({ start, end }) => text.slice(start, end));
  const middle = lines.slice(3, 9).join('\n');

  it('are the middle of a key', () => assert.deepEqual(found(middle), [middle]));
  it('begin in a key', () =>
    assert.deepEqual(found(`${middle}\n${lines[12]}\nconst a = 1;\n`), [`${middle}\n${lines[12]}`]));
  it('end in a key', () => assert.deepEqual(found(`const a = 1;\n${middle}`), [middle]));
  it('end in a key that is quoted line by line', () => {
    const quoted = lines
      .slice(3, 6)
      .map(line => `    "${line}\\n" +\n`)
      .join('');
    assert.deepEqual(found(`const a = 1;\n${quoted}`).length, 1);
  });
  it('hold digests', () => {
    const digests = Array.from({ length: 5 }, () => letters(random, '0123456789abcdef', 64)).join('\n');
    assert.deepEqual(found(digests), []);
  });
  it('hold nothing of the kind', () => assert.deepEqual(found('function f() {\n  return 1;\n}\n'), []));
  it('are empty', () => assert.deepEqual(found(''), []));
});
