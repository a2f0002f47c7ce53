import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FillInPrompt, Passage } from '../../../server/model/prompt.js';
import { createRedactor } from '../../../server/model/redact.js';
import { createSecretFinder } from '../../../server/secrets/createSecretFinder.js';
import { holdsPlaceholder } from '../../../server/secrets/placeholder.js';
import { seededRandom } from '../../bench/histories/random.js';
import { hiddenParts, secretKinds } from '../../privacy/secretKinds.js';
import { plantSecrets } from '../../support/plantedSecrets.js';

const redactor = createRedactor(createSecretFinder());

const passage = (text: string): Passage => ({ path: '/w/a.ts', label: 'a.ts', startLine: 0, text, source: 'similar' });

/** The document with the cursor at an offset, of which [from, to) is shown. */
function promptOf(
  text: string,
  offset: number,
  from = 0,
  to = text.length,
  related: readonly Passage[] = [],
): FillInPrompt {
  const lineStart = Math.max(from, text.lastIndexOf('\n', offset - 1) + 1);
  return {
    languageId: 'typescript',
    path: '/w/b.ts',
    label: 'b.ts',
    repository: 'w',
    related,
    prefix: text.slice(from, lineStart),
    typed: text.slice(lineStart, offset),
    suffix: text.slice(offset, to),
    startLine: 0,
    around: { before: text.slice(0, from), after: text.slice(to) },
  };
}

const joined = ({ prefix, typed, suffix }: FillInPrompt) => prefix + typed + suffix;

async function redacted(prompt: FillInPrompt): Promise<FillInPrompt> {
  return (await redactor.fillIn(prompt)).value;
}

describe('redaction of a hole', () => {
  const code = 'const url = base;\nconst password = "hunter22x";\nconnect(url, password);\n';
  const secretAt = code.indexOf('hunter22x');

  it('puts a name in the place of a secret, and counts it', async () => {
    const { value, redactions } = await redactor.fillIn(promptOf(code, 10));
    assert.match(
      joined(value),
      /^const url = base;\nconst password = "REDACTED_PASSWORD_\d+";\nconnect\(url, password\);\n$/,
    );
    assert.deepEqual(redactions, [{ kind: 'password', count: 1 }]);
  });

  it('leaves what holds no secret as it is, without what only was looked at', async () => {
    const text = 'if (token === "(") return password;\n';
    const { around, ...shown } = promptOf(text, 12, 4, 30);
    assert.ok(around !== undefined);
    assert.deepEqual((await redactor.fillIn({ ...shown, around })).value, shown);
  });

  it('knows a secret with the cursor anywhere in it or beside it', async () => {
    for (let offset = secretAt - 1; offset <= secretAt + 10; offset++) {
      const { prefix, typed, suffix } = await redacted(promptOf(code, offset));
      assert.equal(prefix, 'const url = base;\n');
      assert.match(typed + suffix, /^const password = "REDACTED_PASSWORD_\d+";\nconnect\(url, password\);\n$/);
    }
  });

  it('leaves the cursor where it stands beside other text', async () => {
    for (let offset = 0; offset <= code.length; offset++) {
      const inSecret = offset > secretAt && offset < secretAt + 9;
      if (inSecret) continue;
      const { prefix, typed, suffix } = await redacted(promptOf(code, offset));
      const undo = (text: string) => text.replace(/REDACTED_PASSWORD_\d+/, 'hunter22x');
      assert.equal(undo(prefix + typed), code.slice(0, offset));
      assert.equal(undo(suffix), code.slice(offset));
    }
  });

  it('knows a secret that the edge of the window cuts', async () => {
    for (let cut = secretAt + 1; cut < secretAt + 9; cut++) {
      const left = joined(await redacted(promptOf(code, code.length, cut)));
      const right = joined(await redacted(promptOf(code, 5, 0, cut)));
      assert.match(left, /^REDACTED_PASSWORD_\d+";\n/);
      assert.match(right, /"REDACTED_PASSWORD_\d+$/);
    }
  });

  it('knows a key block whose first and last lines are outside the window', async () => {
    const pem = secretKinds.find(({ kind }) => kind === 'rsa private key')?.make(seededRandom(3)) ?? '';
    const text = `const pem = \`${pem}\`;\nf(pem);\n`;
    const lines = text.split('\n');
    const from = lines.slice(0, 2).join('\n').length + 1;
    const to = lines.slice(0, 6).join('\n').length;
    for (let offset = from; offset <= to; offset += 7) {
      const value = await redacted(promptOf(text, offset, from, to));
      assert.match(joined(value), /^REDACTED_PRIVATE_KEY_\d+\n?$/);
      assert.ok(value.prefix === '' || value.prefix.endsWith('\n'));
    }
  });

  it('knows what is named in one place where it is used in another', async () => {
    const uses = passage('login("bob", "hunter22x");\n');
    const value = await redacted(promptOf(code, 10, 0, code.length, [uses]));
    const name = /REDACTED_PASSWORD_\d+/.exec(value.suffix)?.[0] ?? '?';
    assert.equal(value.related[0]?.text, `login("bob", "${name}");\n`);
  });

  it('masks secrets in the names of files too', async () => {
    const key = ['AKIA', 'Q3EGRWAV', '5H7YZTKM'].join('');
    const named = {
      ...promptOf('a', 1, 0, 1, [{ ...passage('b'), label: `keys/${key}.ts` }]),
      label: `${key}/main.ts`,
    };
    const shown = await redacted(named);
    assert.equal(shown.label.includes(key), false);
    assert.equal(shown.related[0]?.label.includes(key), false);
    assert.match(shown.label, /\/main\.ts$/);
  });

  it('takes out invisible characters, also those that hide a secret', async () => {
    const value = await redacted(promptOf('const password\u200b = "hun\u200dter22x";\u2066', 3));
    assert.match(joined(value), /^const password = "REDACTED_PASSWORD_\d+";$/);
  });
});

describe('placeholders', () => {
  it('are the same for the same secret and others for others, in all that leaves', async () => {
    const { value } = await redactor.texts(['pwd = "Zx81kk!a"', 'pwd = "Yy92ll!b"', 'password: "Zx81kk!a"']);
    const names = value.map(text => /REDACTED_\w+/.exec(text)?.[0]);
    assert.equal(names[0], names[2]);
    assert.notEqual(names[0], names[1]);
    const chat = await redactor.chat([{ role: 'user', content: 'Why does pwd = "Zx81kk!a" fail?' }]);
    assert.equal(chat.value[0]?.content, `Why does pwd = "${names[0]}" fail?`);
  });

  it('say nothing of the secret', async () => {
    const [one, other] = [createRedactor(createSecretFinder()), createRedactor(createSecretFinder())];
    const first = await one.texts(['password = "hunter22x"']);
    const second = await other.texts(['password = "Winter33y"']);
    assert.deepEqual(first.value, second.value);
  });

  it('are known again in what a model writes', async () => {
    const { value } = await redactor.texts(['password = "hunter22x"']);
    assert.ok(holdsPlaceholder(value[0] ?? ''));
    assert.ok(!holdsPlaceholder('const REDACTED_FIELDS = ["password"];'));
  });
});

describe('redaction of a conversation', () => {
  it('masks every message, and keys that were cut between fences', async () => {
    const pem = secretKinds.find(({ kind }) => kind === 'private key')?.make(seededRandom(5)) ?? '';
    const middle = pem.split('\n').slice(3, 6).join('\n');
    const { value, redactions } = await redactor.chat([
      { role: 'system', content: 'You help.' },
      { role: 'user', content: `See a.ts:\n\`\`\`ts\n${middle}\n\`\`\`\nand password = "hunter22x".` },
    ]);
    assert.equal(value[0]?.content, 'You help.');
    assert.match(
      value[1]?.content ?? '',
      /^See a.ts:\n```ts\nREDACTED_PRIVATE_KEY_\d+\n```\nand password = "REDACTED_PASSWORD_\d+".$/,
    );
    assert.equal(
      redactions.reduce((sum, { count }) => sum + count, 0),
      2,
    );
  });
});

describe('redaction of anything', () => {
  const { files, secrets } = plantSecrets(21, 88);

  it('shows nothing of a secret at whatever window and cursor, and is done in one pass', async () => {
    const property = fc.asyncProperty(
      fc.nat(secrets.length - 1),
      fc.nat(),
      fc.nat(600),
      fc.nat(600),
      async (index, place, left, right) => {
        const secret = secrets[index];
        const text = files[secret?.file ?? 0]?.text ?? '';
        if (secret === undefined) return;
        const offset = secret.start + (place % (secret.end - secret.start + 1));
        const prompt = promptOf(text, offset, Math.max(0, offset - left), Math.min(text.length, offset + right));
        const value = await redacted(prompt);
        const host = text.slice(0, secret.start) + text.slice(secret.end);
        const pieces = hiddenParts(secret.value).filter(part => joined(prompt).includes(part) && !host.includes(part));
        for (const piece of pieces) assert.ok(!joined(value).includes(piece), piece);
        assert.deepEqual(await redacted(value), value);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });

  it('leaves any text without a secret as it is', async () => {
    const property = fc.asyncProperty(fc.string({ unit: 'binary-ascii', maxLength: 200 }), async text => {
      const { value, redactions } = await redactor.texts([text]);
      if (redactions.length === 0) assert.deepEqual(value, [text]);
      assert.deepEqual((await redactor.texts(value)).value, value);
    });
    await fc.assert(property, { numRuns: 300 });
  });
});
