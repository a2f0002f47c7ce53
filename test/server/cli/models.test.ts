import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createCommandLine, type CommandLine } from '../../support/commandLine.js';
import { scriptedModel, startModelServer, type ModelServer } from '../../support/modelServer.js';

describe('models and ledger on the command line', () => {
  let shell: CommandLine;
  let server: ModelServer;

  beforeEach(async () => {
    shell = createCommandLine();
    server = await startModelServer('ollama', {
      models: [
        scriptedModel({ name: 'coder:1.5b-base' }),
        scriptedModel({ name: 'tiny:0.5b', parameters: 500_000_000 }),
      ],
      answer: () => '  const sorted = [...numbers].sort((left, right) => right - left);\n  return sorted[0] ?? null;\n',
    });
  });
  afterEach(async () => {
    await server.close();
    shell.remove();
  });

  const settingsPath = (): string => join(shell.configuration, 'understudy', 'settings.json');
  const setting = (text: string): void => {
    mkdirSync(dirname(settingsPath()), { recursive: true });
    writeFileSync(settingsPath(), text);
  };
  const found = (): { readonly found: readonly { readonly kind: 'ollama'; readonly url: string }[] } => ({
    found: [{ kind: 'ollama', url: server.url }],
  });

  describe('models', () => {
    it('says what to do where there are none', async () => {
      const { exit, stdout, json } = await shell.run(['models', '--json']);
      assert.equal(exit, 1);
      assert.deepEqual((json() as ModelsDocument).backends, []);
      assert.ok(stdout);
      assert.match((await shell.run(['models'])).stdout, /No models\. Start Ollama/);
    });

    it('lists what was found, what it can do and what it serves', async () => {
      const { exit, stdout } = await shell.run(['models'], found());
      assert.equal(exit, 0);
      assert.match(stdout, /^ollama {2}Ollama \S+ at 127\.0\.0\.1:\d+, on this machine, found: ready$/m);
      assert.match(stdout, /^ {2}coder:1\.5b-base {2}fills in \(\S+\), .*context 4,096, 1\.5 B parameters$/m);
      assert.match(stdout, /licence: .*; trains on input: /);
      assert.match(stdout, /inline +ollama\/coder:1\.5b-base → recall/);
      assert.match(stdout, /embed +nobody/);
      assert.equal(server.asked.length, 0);
      const { backends, tasks } = (await shell.run(['models', '--json'], found())).json() as ModelsDocument;
      assert.deepEqual(
        backends.map(({ name, models }) => [name, models.map(model => model.name)]),
        [['ollama', ['coder:1.5b-base', 'tiny:0.5b']]],
      );
      assert.deepEqual(tasks['inline'], ['ollama/coder:1.5b-base', 'recall']);
    });

    it('measures the one that completes when asked to, with code that is nobody’s', async () => {
      shell.write('src/a.ts', 'const zebra = 1;\n');
      const { stdout } = await shell.run(['models', '--measure'], found());
      assert.match(stdout, /A line takes \d/);
      assert.match(stdout, /coder:1\.5b-base .* tokens\/s/);
      assert.equal(server.asked.length, 2);
      assert.ok(server.requests.every(({ body }) => !body.includes('zebra')));
    });
  });

  describe('models use', () => {
    it('writes the chain of a task into the person’s settings and keeps all else of them', async () => {
      setting('{\n  // My own.\n  "inline": { "minChars": 9 }, // as I like it\n}\n');
      const { exit, stdout, stderr } = await shell.run(
        ['models', 'use', 'inline', 'ollama/tiny:0.5b', 'ollama'],
        found(),
      );
      assert.equal(exit, 0, stderr);
      assert.match(stdout, /inline is served by ollama\/tiny:0\.5b, then ollama\./);
      const text = readFileSync(settingsPath(), 'utf8');
      assert.match(text, /\/\/ My own\.\n.*\/\/ as I like it/s);
      const listed = await shell.run(['models', '--json'], found());
      assert.deepEqual((listed.json() as ModelsDocument).tasks['inline'], [
        'ollama/tiny:0.5b',
        'ollama/coder:1.5b-base',
        'recall',
      ]);
      assert.doesNotMatch((await shell.run(['status'], found())).stdout, /must be/);
    });

    it('writes a file where there was none, an expert for a language, nobody, and back', async () => {
      assert.equal((await shell.run(['models', 'use', 'chat', 'ollama', '--language', 'python'], found())).exit, 0);
      assert.deepEqual(JSON.parse(readFileSync(settingsPath(), 'utf8')), {
        tasks: { languages: { python: { chat: ['ollama'] } } },
      });
      await shell.run(['models', 'use', 'inline', 'none'], found());
      const none = (await shell.run(['models', '--json'], found())).json() as ModelsDocument;
      assert.deepEqual(none.tasks['inline'], ['recall']);
      await shell.run(['models', 'use', 'inline', 'default'], found());
      const back = (await shell.run(['models', '--json'], found())).json() as ModelsDocument;
      assert.deepEqual(back.tasks['inline'], ['ollama/coder:1.5b-base', 'recall']);
    });

    for (const [words, complaint] of [
      [['writing', 'ollama'], /no task "writing"; there are inline, chat/],
      [['inline'], /Name who is to serve inline/],
      [['inline', 'nobody'], /no backend for "nobody".*There are ollama/],
      [['inline', 'ollama', '--language', '__proto__'], /"__proto__" is no language/],
      [['inline', 'ollama', '--language', 'constructor'], /"constructor" is no language/],
      [['inline', 'ollama', '--language', ''], /"" is no language/],
    ] as const) {
      it(`refuses ${words.join(' ')}`, async () => {
        const { exit, stderr } = await shell.run(['models', 'use', ...words], found());
        assert.equal(exit, 2);
        assert.match(stderr, complaint);
        assert.equal(existsSync(settingsPath()), false);
      });
    }

    it('warns of a model that the server does not have, and names those that are near', async () => {
      const { exit, stdout } = await shell.run(['models', 'use', 'inline', 'ollama/tinny:0.5b'], found());
      assert.equal(exit, 0);
      assert.match(stdout, /is served by ollama\/tinny:0\.5b\..*\n.* does not have the model "tinny:0\.5b"; did you/);
      assert.match(stdout, /did you mean "tiny:0\.5b"\? It has coder:1\.5b-base, tiny:0\.5b\.\n$/);
      const well = await shell.run(['models', 'use', 'inline', 'ollama/tiny:0.5b', '--json'], found());
      assert.deepEqual((well.json() as { warnings: unknown }).warnings, []);
    });

    it('warns of a backend that does not answer', async () => {
      setting('{ "backends": { "o": { "kind": "ollama", "url": "http://127.0.0.1:9" } } }');
      const { exit, stdout } = await shell.run(['models', 'use', 'inline', 'o/tiny:0.5b']);
      assert.equal(exit, 0);
      assert.match(stdout, /o at 127\.0\.0\.1:9 is unreachable: /);
    });

    const serves = async (): Promise<readonly string[] | undefined> =>
      ((await shell.run(['models', '--json'], found())).json() as ModelsDocument).tasks['inline'];

    it('writes through a link, and leaves the file’s permissions and its mark at the front', async () => {
      const target = join(shell.folder, '..', 'dotfiles.json');
      mkdirSync(dirname(settingsPath()), { recursive: true });
      writeFileSync(target, '\uFEFF{ "inline": { "minChars": 9 }, /* mine */ }\r\n');
      chmodSync(target, 0o640);
      symlinkSync(target, settingsPath());
      const { exit, stderr } = await shell.run(['models', 'use', 'inline', 'ollama/tiny:0.5b'], found());
      assert.equal(exit, 0, stderr);
      assert.ok(lstatSync(settingsPath()).isSymbolicLink());
      assert.equal(statSync(target).mode & 0o777, 0o640);
      assert.equal(
        readFileSync(target, 'utf8'),
        '\uFEFF{ "inline": { "minChars": 9 }, /* mine */ "tasks": { "inline": ["ollama/tiny:0.5b"] }, }\r\n',
      );
      assert.deepEqual(readdirSync(dirname(settingsPath())), ['settings.json']);
    });

    it('makes a file that is the person’s alone, and none where a link leads nowhere', async () => {
      await shell.run(['models', 'use', 'inline', 'ollama'], found());
      assert.equal(statSync(settingsPath()).mode & 0o777, 0o600);
      rmSync(settingsPath());
      symlinkSync(join(shell.folder, 'nowhere.json'), settingsPath());
      const { exit, stderr } = await shell.run(['models', 'use', 'inline', 'ollama'], found());
      assert.equal(exit, 3);
      assert.match(stderr, /a link that leads nowhere/);
      assert.equal(existsSync(join(shell.folder, 'nowhere.json')), false);
    });

    for (const text of [
      '{ "understudy": { "tasks": { "inline": ["ollama/coder:1.5b-base"] } } }',
      '{ "tasks.inline": ["ollama/coder:1.5b-base"] }',
    ]) {
      it(`changes what holds: ${text}`, async () => {
        setting(text);
        assert.equal((await shell.run(['models', 'use', 'inline', 'ollama/tiny:0.5b'], found())).exit, 0);
        assert.deepEqual(await serves(), ['ollama/tiny:0.5b', 'recall']);
      });
    }

    it('says what to do where a key is doubled, and claims nothing', async () => {
      const text = '{ "tasks": { "inline": ["ollama"] },\n"tasks": { "chat": ["ollama"] } }';
      setting(text);
      const { exit, stdout, stderr } = await shell.run(['models', 'use', 'inline', 'ollama/tiny:0.5b'], found());
      assert.equal(exit, 3);
      assert.equal(stdout, '');
      assert.match(stderr, /says "tasks" 2 times \(lines 1, 2\)\.\nKeep one of them\./);
      assert.equal(readFileSync(settingsPath(), 'utf8'), text);
    });

    it('does not say that somebody serves who does not', async () => {
      setting('{ "tasks": { "languages": { "go": 5 } } }');
      const { exit, stdout, stderr } = await shell.run(
        ['models', 'use', 'inline', 'ollama/tiny:0.5b', '--language', 'python'],
        found(),
      );
      assert.equal(exit, 3);
      assert.equal(stdout, '');
      assert.match(stderr, /does not hold: inline in python goes by what is there\. .*tasks\.languages must be/);
    });

    it('loses nothing when several run at once', async () => {
      setting('{ "inline": { "minChars": 9 } }');
      const tasks = ['inline', 'chat', 'explain', 'tests', 'review', 'embed'];
      const ran = await Promise.all(tasks.map(task => shell.run(['models', 'use', task, 'ollama'], found())));
      assert.deepEqual(
        ran.map(({ exit }) => exit),
        tasks.map(() => 0),
      );
      const written = JSON.parse(readFileSync(settingsPath(), 'utf8')) as Record<string, unknown>;
      assert.deepEqual(written, {
        inline: { minChars: 9 },
        tasks: Object.fromEntries(tasks.map(task => [task, ['ollama']])),
      });
    });

    it('does not write to settings that have a mistake', async () => {
      setting('{ "inline": { ');
      const { exit, stderr } = await shell.run(['models', 'use', 'inline', 'ollama'], found());
      assert.equal(exit, 3);
      assert.match(stderr, /is not written to/);
      assert.equal(readFileSync(settingsPath(), 'utf8'), '{ "inline": { ');
    });
  });

  it('models pull asks no other machine, and says what it cannot do', async () => {
    const { exit, stderr } = await shell.run(['models', 'pull', 'x', '--url', 'http://192.0.2.1:11434']);
    assert.equal(exit, 2);
    assert.match(stderr, /not on this machine/);
    assert.equal((await shell.run(['models', 'pull'])).exit, 2);
    assert.equal((await shell.run(['models', 'push'])).exit, 2);
  });

  it('ledger shows what was sent, and only that', async () => {
    const before = await shell.run(['ledger']);
    assert.equal(before.exit, 1);
    assert.match(before.stdout, /Nothing has been sent/);
    await shell.run(['models', '--measure'], found());
    const { exit, stdout } = await shell.run(['ledger']);
    assert.equal(exit, 0);
    assert.match(stdout, /127\.0\.0\.1:\d+ +coder:1\.5b-base +inline +\d+ +done +– +understudy-sample\.ts:1-\d/);
    assert.match(stdout, /2 requests, none of them to other machines\./);
    const { entries } = (await shell.run(['ledger', '--json'])).json() as {
      entries: Readonly<Record<string, unknown>>[];
    };
    assert.equal(entries.length, server.asked.length);
    assert.deepEqual(Object.keys(entries[0] ?? {}).sort(), [
      'at',
      'backend',
      'completionTokens',
      'end',
      'files',
      'host',
      'id',
      'isLocal',
      'model',
      'redactions',
      'task',
      'tokens',
    ]);
    assert.equal((await shell.run(['ledger', '--remote'])).exit, 1);
    assert.equal((await shell.run(['ledger', '--since', '1h'])).exit, 0);
    assert.equal((await shell.run(['ledger', '--since', '2999-01-01'])).exit, 1);
    assert.equal((await shell.run(['ledger', '--since', 'yesterday'])).exit, 2);
  });

  it('ledger says that it cannot be read where a file stands in its place', async () => {
    mkdirSync(join(shell.state, 'understudy'), { recursive: true });
    writeFileSync(join(shell.state, 'understudy', 'ledger'), '');
    const { exit, stdout, stderr } = await shell.run(['ledger']);
    assert.equal(exit, 3);
    assert.equal(stdout, '');
    assert.match(stderr, /^understudy: The ledger cannot be read: \S+ledger is no folder\.\nMove away .*\n$/);
  });

  it('what is wrong with a workspace’s settings drowns nothing', async () => {
    const backends = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`made.up${at}`, at]));
    shell.write('.understudy/settings.json', JSON.stringify({ ...backends, tasks: { inline: [] }, budget: 1 }));
    shell.write('a.ts', 'const a = 1;\n');
    for (const argv of [['complete', 'a.ts:1:1'], ['models'], ['check', 'a.ts']]) {
      const { stderr } = await shell.run(argv, found());
      assert.equal(stderr.trim().split('\n').length, 4, stderr);
      assert.match(stderr, /\nAnd 9 more about settings; understudy doctor lists them\.\n$/);
    }
    assert.match((await shell.run(['doctor'], found())).stdout, /made\.up9/);
  });

  for (const terminal of [false, true]) {
    it(`nothing of a server or a name steers a terminal (${terminal ? 'a terminal' : 'a pipe'})`, async () => {
      const evil = '\x1b]0;pwn\x07\x1b[2J\x9b31m\u202eX\rY';
      const entry = {
        id: 'x',
        at: '2026-11-21T00:00:00Z',
        backend: 'm',
        host: `h${evil}`,
        isLocal: false,
        model: `m${evil}`,
        task: 'inline',
        files: [
          { path: `${evil}\nforged`, range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } } },
        ],
        tokens: 3,
        redactions: [],
      };
      const ledger = join(shell.state, 'understudy', 'ledger', '2026-11.jsonl');
      mkdirSync(dirname(ledger), { recursive: true });
      writeFileSync(ledger, `${JSON.stringify(entry)}\n`);
      server.change({ models: [scriptedModel({ name: 'coder:1.5b-base', licence: `MIT${evil}\nforged` })] });
      for (const [argv, shown] of [
        [['ledger'], 'h\\u001b]0;pwn\\u0007\\u001b[2J\\u009b31m\\u202eX\\u000dY'],
        [['models'], 'MIT\\u001b]0;pwn\\u0007'],
        [['models', 'pull', `x${evil}`, '--url', `http://${evil}`], '\\u001b'],
        [[`no${evil}`], '\\u001b'],
      ] as const) {
        const { stdout, stderr } = await shell.run(argv, { ...found(), terminal });
        const all = stdout + stderr;
        assert.ok(all.includes(shown), all);
        const foreign = all.replace(/\x1b\[(?:[12]|22|31|32|33|36|39)m|\x1b\[1G|\x1b\[K/g, '');
        assert.doesNotMatch(foreign, /(?!\n)[\p{Cc}\u202e]/u);
        assert.equal(all.includes('\x1b['), terminal);
        assert.doesNotMatch(all, /^forged/m);
      }
      assert.deepEqual(((await shell.run(['ledger', '--json'])).json() as { entries: unknown[] }).entries.length, 1);
    });
  }

  it('complete --show-prompt shows what would be sent, masked, and sends nothing', async () => {
    const source = 'const password = "hunter2-Xq9!kd83mz";\nconst total = price * \n';
    shell.write('src/a.ts', source);
    const { exit, stdout, stderr } = await shell.run(['complete', 'src/a.ts:2:23', '--show-prompt'], found());
    assert.equal(exit, 0, stderr);
    assert.match(stdout, /^ollama\/coder:1\.5b-base at 127\.0\.0\.1:\d+ would be sent this:$/m);
    assert.match(stdout, /const total = price \* ▮/);
    assert.doesNotMatch(stdout, /hunter2/);
    assert.equal(server.asked.length, 0);
    assert.equal((await shell.run(['ledger'])).exit, 1);
  });

  it('complete waits for a model, however slow', async () => {
    server.change({ answer: () => 'quantity;\n', firstDelayMs: 600 });
    shell.write('src/a.ts', 'const price = 2;\nconst quantity = 3;\nconst total = price * \n');
    const { exit, stdout, stderr } = await shell.run(['complete', 'src/a.ts:3:23'], found());
    assert.equal(exit, 0, stdout + stderr);
    assert.match(stdout, /quantity/);
    assert.match(stdout, /from ollama\/coder:1\.5b-base/);
  });

  for (const [what, trouble] of [
    ['an error of the server', { type: 'status', status: 500 }],
    ['a web page', { type: 'web-page' }],
    ['nonsense', { type: 'garbage' }],
  ] as const) {
    it(`complete says why a model did not answer: ${what}`, async () => {
      server.change({ trouble });
      shell.write('src/a.ts', 'const price = 2;\nconst quantity = 3;\nconst total = price * \n');
      const { exit, stdout } = await shell.run(['complete', 'src/a.ts:3:23'], found());
      assert.equal(exit, 1);
      assert.match(stdout, /\(no-backend, .*\nollama: The last request failed: 127\.0\.0\.1:\d+ ./);
    });
  }

  it('doctor is not content with a chain of which nobody answers', async () => {
    for (const tasks of [
      { inline: ['nosuch'] },
      { inline: ['ollama/absent:7b'] },
      { languages: { go: { inline: ['nosuch'] } } },
    ]) {
      setting(JSON.stringify({ tasks }));
      const { exit, stdout } = await shell.run(['doctor'], found());
      assert.equal(exit, 1);
      assert.match(stdout, /✗ .*(?:no backend of that name|no model absent:7b).*\n.*understudy models use inline/);
      assert.doesNotMatch(stdout, /✓ (?:No model completes|\S+ completes)/);
    }
    setting(JSON.stringify({ tasks: { inline: [] } }));
    assert.match((await shell.run(['doctor'], found())).stdout, /✓ No model completes: tasks\.inline is empty/);
  });

  it('status and doctor tell what is wrong with a backend and what to do', async () => {
    setting(
      JSON.stringify({
        backends: {
          team: { kind: 'openai', url: 'https://models.example/v1', model: 'coder', key: { env: 'NO_SUCH_KEY' } },
          box: { kind: 'ollama', url: server.url, model: 'absent:7b' },
        },
        budget: { daily: { tokens: 1000 } },
      }),
    );
    const status = await shell.run(['status']);
    assert.match(status.stdout, /team +models\.example +coder +unauthorized +.*NO_SUCH_KEY/);
    assert.match(status.stdout, /box .*absent:7b/);
    assert.match(status.stdout, /To other machines today: 0 tokens, 0\.0000 US dollars, of 1,000 tokens/);
    const { exit, stdout } = await shell.run(['doctor']);
    assert.equal(exit, 1);
    assert.match(stdout, /✗ team at models\.example is unauthorized: .*Set NO_SUCH_KEY/);
    assert.match(stdout, /box at 127\.0\.0\.1:\d+ is unusable: .*absent:7b/);
    assert.match(stdout, /✓ The budget holds/);
    const document = (await shell.run(['status', '--json'])).json() as ModelsDocument;
    assert.deepEqual(
      document.backends.map(({ name }) => name),
      ['team', 'box'],
    );
  });

  it('doctor measures the model that completes', async () => {
    const { stdout } = await shell.run(['doctor'], found());
    assert.match(stdout, /✓ These answer with models: ollama \(/);
    assert.match(stdout, /ollama\/coder:1\.5b-base completes, a line in /);
  });
});

interface ModelsDocument {
  readonly backends: readonly { readonly name: string; readonly models: readonly { readonly name: string }[] }[];
  readonly tasks: Readonly<Record<string, readonly string[]>>;
}
