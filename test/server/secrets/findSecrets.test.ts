import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSecrets } from '../../../server/secrets/findSecrets.js';
import { letters, secretKinds } from '../../privacy/secretKinds.js';
import { seededRandom } from '../../bench/histories/random.js';
import { repositoryRoot } from '../../support/repositoryRoot.js';

/** Each line by itself: what is found is put between « and », and the line must be as it is written. */
describe('secrets in a line', () => {
  const golden = readFileSync(join(repositoryRoot, 'test/golden/secrets/lines.txt'), 'utf8');
  for (const line of golden.split('\n').filter(one => one !== '' && !one.startsWith('## '))) {
    it(line, () => assert.equal(marked(line.replace(/[«»]/g, '')), line));
  }
});

describe('secrets by what stands around them', () => {
  const found = (text: string) => findSecrets(text).map(({ start, end }) => text.slice(start, end));

  it('are the values of a manifest of kind Secret, and of no other', () => {
    const data = 'data:\n  user: YWRtaW4=\n  certificate: aHVudGVyMg==\nstringData:\n  a.yaml: |\n    name: abcd\n';
    assert.deepEqual(found(`apiVersion: v1\nkind: Secret\n${data}---\nkind: ConfigMap\n${data}`), [
      'YWRtaW4=',
      'aHVudGVyMg==',
      'abcd',
    ]);
    assert.deepEqual(found(`kind: ConfigMap\n${data}`), []);
  });

  it('are the private parts of a web key, and not the public ones', () => {
    const random = seededRandom(9);
    const [own, open] = [
      letters(random, 'abcdefghijkABCDEFGH0123456789-_', 43),
      letters(random, 'abcdefghijkABCDEFGH0123456789-_', 43),
    ];
    assert.deepEqual(found(`{"kty":"EC","crv":"P-256","d":"${own}","x":"${open}"}`), [own]);
  });

  it('stand beside an access key', () => {
    const random = seededRandom(10);
    const [id, secret] = [
      `AKIA${letters(random, 'ABCDEFGH234567', 16)}`,
      letters(random, 'abcdefghijkABCDEFGH0123456789+/', 40),
    ];
    assert.deepEqual(found(`new Pair("${id}", "${secret}")`), [id, secret]);
    assert.deepEqual(found(`new Pair("someone", "${secret}")`), []);
  });
});

describe('tokens by what they look like', () => {
  const random = seededRandom(4);
  for (const { kind, make } of secretKinds.filter(({ names }) => names === null)) {
    it(`${kind}, wherever it stands`, () => {
      for (let count = 0; count < 20; count++) {
        const token = make(random);
        for (const text of [token, `// was ${token} before`, `f("${token}", 1)`, `x=${token}\n`, `"line\\n${token}"`]) {
          const spans = findSecrets(text);
          assert.equal(spans.length, 1, text);
          assert.ok(token.includes(text.slice(spans[0]?.start, spans[0]?.end)), text);
        }
      }
    });
  }

  for (const text of [
    'class="sk-folding-cube-with-many-parts"',
    'npm_config_user_agent',
    'import { hf_modelDownloader } from "hf_tools";',
    'const key-of-the-whole-thing = 1',
    'AKIA is how they begin',
    'eyJ.eyJ.',
    `const hash = '${letters(random, '0123456789abcdef', 40)}';`,
    'SG.Components.Button',
    'glpat- is the prefix of GitLab',
    "if (text.includes('-----BEGIN PRIVATE KEY-----')) throw new Error('no keys here');",
    '$1$2 $5 $6',
  ]) {
    it(`none in ${text}`, () => assert.deepEqual(findSecrets(text), []));
  }
});

describe('looking for secrets', () => {
  const hostile = [
    'password=',
    'password="',
    'token: ',
    'eyJ',
    '.eyJabcdefghijklmnop',
    'sk-aaaaaaaaaaaaaaaaaaaaaaaaa',
    '://a:b',
    '?sig=',
    '-----BEGIN PRIVATE KEY-----\nQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo\n',
    '-----END PRIVATE KEY-----',
    '\\n',
    '"',
    'key("',
    'M-',
    '-',
    'kind: Secret\ndata:\n  a: b\n',
    '"kty": "RSA", "d": "',
    'Bearer ',
    'curl -u a:b ',
    'mysql -p',
    'xoxb-1-',
    'password = "a1b2c3d4" + ',
  ];
  for (const piece of hostile) {
    it(`ends for 200 kB of ${JSON.stringify(piece)}`, () => {
      findSecrets(piece.repeat(Math.ceil(200_000 / piece.length)));
    });
  }
});

function marked(text: string): string {
  let shown = '';
  let at = 0;
  for (const { start, end } of findSecrets(text)) {
    shown += `${text.slice(at, start)}«${text.slice(start, end)}»`;
    at = end;
  }
  return shown + text.slice(at);
}
