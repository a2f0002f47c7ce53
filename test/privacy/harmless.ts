import { createHash } from 'node:crypto';
import { letters, pick } from './secretKinds.js';

/** Something that looks like chance and is no secret, and the line that it stands in. */
export interface HarmlessToken {
  readonly kind: string;
  readonly token: string;
  readonly line: string;
}

const hex = '0123456789abcdef';
const word = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const base64 = `${word}+/`;

const digest = (random: () => number, algorithm: string, form: 'hex' | 'base64') =>
  createHash(algorithm).update(String(random())).digest(form);

function uuid(random: () => number): string {
  const from = (count: number) => letters(random, hex, count);
  return `${from(8)}-${from(4)}-4${from(3)}-${pick(random, ['8', '9', 'a', 'b'])}${from(3)}-${from(12)}`;
}

type Making = (random: () => number) => { readonly token: string; readonly line: string };

function inLines(make: (random: () => number) => string, lines: readonly string[]): Making {
  return random => {
    const token = make(random);
    return { token, line: pick(random, lines).replace('%', () => token) };
  };
}

const makings: Readonly<Record<string, Making>> = {
  'git hash': inLines(
    random => digest(random, 'sha1', 'hex'),
    [
      'commit %',
      "  revision: '%',",
      'index %..0000000 100644',
      '  "gitHead": "%",',
      'rev = "%"',
      '# pinned to % until the fix is released',
      '      uses: actions/checkout@%',
    ],
  ),
  'short git hash': inLines(random => letters(random, hex, 7), ['see %', '  - % Fix the build', 'const built = "%";']),
  uuid: inLines(uuid, [
    '  "id": "%",',
    "const userId = '%';",
    '  traceId: "%",',
    '[Guid("%")]',
    'id = UUID("%")',
    '    request_id: %',
    '  <ProjectGuid>{%}</ProjectGuid>',
    "INSERT INTO users VALUES ('%', 7);",
    'GET /v1/orders/%/items',
  ]),
  'picture in base64': random => {
    const heads = [
      'image/png;base64,iVBORw0KGgoAAAANSUhEUgAA',
      'image/gif;base64,R0lGODlh',
      'image/jpeg;base64,/9j/4AAQSkZJRg',
    ];
    const token = letters(random, base64, 200 + Math.floor(random() * 3000));
    const lines = [
      '.logo { background: url(data:%) }',
      '<img src="data:%" alt="">',
      "const icon = 'data:%';",
      '  "icon": "data:%",',
    ];
    return { token, line: pick(random, lines).replace('%', () => `${pick(random, heads)}${token}==`) };
  },
  'integrity of a package': random => {
    const token = digest(random, 'sha512', 'base64');
    const lines = [
      '      "integrity": "sha512-%",',
      '  resolution: {integrity: sha512-%}',
      '<script integrity="sha512-%" src="/x.js">',
    ];
    return { token, line: pick(random, lines).replace('%', () => token) };
  },
  'checksum in a lock file': inLines(
    random => digest(random, 'sha256', 'hex'),
    [
      'checksum = "%"',
      '    --hash=sha256:% \\',
      '  "sha256": "%",',
      'FROM node@sha256:%',
      '  sha256 "%"',
      '{file = "x-1.0.tar.gz", hash = "sha256:%"},',
      '%  dist/app.tar.gz',
    ],
  ),
  'sum of a module': random => {
    const token = digest(random, 'sha256', 'base64');
    return { token, line: `github.com/some/module v1.${letters(random, '123456789', 2)}.0 h1:${token}` };
  },
  'md5 of a file': inLines(
    random => digest(random, 'md5', 'hex'),
    ['etag: "%"', '  "md5": "%",', 'ETag: W/"%"', 'const cacheKey = "%";'],
  ),
  'file with a hash': inLines(
    random => letters(random, hex, 8),
    ['<script src="/static/main.%.js"></script>', '  "app.css": "app.%.css",', 'chunk-%.mjs'],
  ),
  'object id': inLines(random => letters(random, hex, 24), ['  "_id": "%",', 'ObjectId("%")', "const id = '%';"]),
  colour: inLines(
    random => `#${letters(random, hex, 6)}`,
    ['  color: %;', "  accent: '%',", '<rect fill="%"/>', '  "background": "%",'],
  ),
  number: inLines(random => letters(random, '123456789', 12), ['const limit = %;', '  "timestamp": %,', 'seed = %']),
  'minified code': random => {
    const name = () => letters(random, 'abcdefghijklmnopqrstuvwxyz', 1 + Math.floor(random() * 2));
    const token = Array.from(
      { length: 30 },
      () =>
        `function ${name()}(${name()},${name()}){return ${name()}.${name()}(${name()}[${Math.floor(random() * 99)}])}`,
    ).join('');
    return { token, line: `!${token}();` };
  },
  'map of sources': random => {
    const token = Array.from({ length: 200 }, () =>
      letters(random, 'ACDEGIKMOQSUWY', 1 + Math.floor(random() * 4)),
    ).join(',');
    return { token, line: `{"version":3,"mappings":"${token}"}` };
  },
  'test for a token': random => {
    const token = pick(random, [
      'token === "("',
      "token.kind == 'identifier'",
      'token != ""',
      'password = getpass()',
      'secret: Buffer',
      'apiKey: string;',
      'password = os.environ["DB_PASSWORD"]',
      'token = await getToken(scope)',
      'if (!password) throw new Error("password required");',
      'API_KEY=${API_KEY:-}',
      'password: ${{ secrets.DB_PASSWORD }}',
      'api_key: <your key>',
      'password = "changeme"',
      'secretKeyRef:',
      'tokenUrl: "https://auth.internal/token"',
      'let secret_name = "orders-db";',
      '"password": "Enter your password"',
      'PublicKeyToken=b77a5c561934e089',
      'max_tokens: 4096',
    ]);
    return { token, line: token };
  },
  address: inLines(
    random => `https://example.internal/${letters(random, 'abcdefgh', 6)}/${letters(random, hex, 12)}`,
    ['  "url": "%",', '// see %', '<a href="%">'],
  ),
  'address of a network': inLines(
    random => Array.from({ length: 8 }, () => letters(random, hex, 4)).join(':'),
    ['listen [%]:80', 'ip = "%"'],
  ),
  'date and time': inLines(
    random =>
      `2026-0${letters(random, '123456789', 1)}-1${letters(random, '0123456789', 1)}T10:${letters(random, '01234', 2)}:00.000Z`,
    ['  "createdAt": "%",', 'const at = new Date("%");'],
  ),
  'constant of an algorithm': inLines(
    random => `0x${letters(random, hex, 8)}`,
    ['  %, %,', 'const magic = %;', 'hash ^= %;'],
  ),
  'part of a binary': random => {
    const token = letters(random, base64, 76);
    return { token, line: `const wasm = "AGFzbQEAAAABhgmSAWADf39/AX9gAX8Bf2AEf39/fwF/${token}";` };
  },
  slug: inLines(
    random =>
      `${letters(random, 'abcdefghijkmnpqrstuvwxyz', 5)}-${letters(random, 'abcdefghijkmnpqrstuvwxyz', 6)}-${letters(random, '0123456789', 2)}`,
    ['name: %', '  "slug": "%",', 'cd packages/%'],
  ),
  lorem: inLines(
    random =>
      pick(random, [
        'Lorem ipsum dolor sit amet, consectetur adipiscing elit',
        'sed do eiusmod tempor incididunt ut labore et dolore',
      ]),
    ['<p>%</p>', "  description: '%',"],
  ),
  'public key': random => {
    const token = `AAAAB3NzaC1yc2EAAAADAQABAAABgQ${letters(random, base64, 300)}`;
    return { token, line: `ssh-rsa ${token} someone@somewhere` };
  },
};

export function harmlessTokens(random: () => number, count: number): HarmlessToken[] {
  const kinds = Object.entries(makings);
  return Array.from({ length: count }, (_, index) => {
    const [kind, make] = kinds[index % kinds.length] ?? pick(random, kinds);
    return { kind, ...make(random) };
  });
}
