import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { silentLog } from '../../server/base/log.js';
import { defaultSettings } from '../../server/config/resolve.js';
import {
  createPyrightValidator,
  type PyrightValidatorOptions,
} from '../../server/validate/python/createPyrightValidator.js';
import type { Examined, Validator } from '../../server/validate/validator.js';
import { repositoryRoot } from '../support/repositoryRoot.js';
import { waitFor } from '../support/waitFor.js';

/** Not even a Python is needed: what the tests find is what they make. */
const toolFolder = join(repositoryRoot, 'node_modules', '.bin');
const { signal } = new AbortController();

interface Case {
  readonly rule: string;
  readonly severity: 'high' | 'medium';
  /** Found in each of these, with «» around what is marked. */
  readonly found: readonly string[];
  readonly near: readonly string[];
}

/** What every case may import: see `makeWorkspace`. */
const cases: readonly Case[] = [
  {
    rule: 'names/unknown-member',
    severity: 'high',
    found: [
      'import os\nos.path.«joinn»("a")\n',
      'from app.shop import Basket\nBasket().«addd»(1)\n',
      'from app import shop\nshop.«Baskett»()\n',
      'import installed\ninstalled.«greett»("a")\n',
      'import requests\nrequests.«gett»("a")\n',
      'class A:\n    def one(self): pass\n    def two(self):\n        self.«onee»()\n',
      '"a".«uper»()\n',
      'class A:\n    def __init__(self):\n        self.size = 1\n    def f(self):\n        return self.«_size»\n',
    ],
    near: [
      'import os\nos.path.join("a")\n',
      'from app.shop import Basket\nBasket().add(1)\n',
      'import installed\ninstalled.greet("a")\n',
      'import declared\ndeclared.whatever("a")\n',
      'class A:\n    def __getattr__(self, name): return name\nA().whatever\n',
      'def f(x):\n    return x.whatever\n',
      'import os\nos.startfile("a")\n',
      'import os\nif hasattr(os, "forkpty2"):\n    os.forkpty2()\n',
      'import os\ntry:\n    os.forkpty2()\nexcept AttributeError:\n    pass\n',
      'def f(): pass\nf.calls = 0\nprint(f.calls)\n',
      'import re\nm = re.match("a", "b")\nm.group(0)\n',
      'class A: pass\na = A()\na.late = 1\n',
      'from app.shop import Basket\nBasket().total_of_order\n',
      'import urllib\nurllib.parse.quote("a")\n',
      'import installed\ninstalled.part.anything\n',
      'import os\nos._private_thing()\n',
    ],
  },
  {
    rule: 'names/unknown-name',
    severity: 'high',
    found: ['print(«undefind»)\n'],
    near: ['defined = 1\nprint(defined)\n', 'globals()["made"] = 1\nprint(made)\n'],
  },
  {
    rule: 'names/unknown-export',
    severity: 'high',
    found: [
      'from app.shop import «Baskett»\n',
      'from os.path import «joinn»\n',
      'from .shop import «Bskt»\n',
      'from . import «shopp»\n',
    ],
    near: [
      'from app.shop import Basket\n',
      'from . import shop\n',
      'from declared import anything\n',
      'from installed import compiled\n',
      'from urllib.request import _parse_proxy\n',
      'try:\n    from os import anything\nexcept ImportError:\n    pass\n',
    ],
  },
  {
    rule: 'names/unknown-module',
    severity: 'high',
    found: [
      'from «.shopp» import Basket\n',
      'from «app.shopp» import Basket\n',
      'import «os.pathh»\n',
      'import «json.decoders»\n',
    ],
    near: [
      'from .shop import Basket\n',
      'import distutils.core\n',
      'from ._version import version\n',
      'from .schema_pb2 import Message\n',
      'try:\n    from .fast import go\nexcept ImportError:\n    go = None\n',
      'import declared.anything\n',
    ],
  },
  {
    rule: 'names/unknown-package',
    severity: 'high',
    found: ['import «fastjsonparse»\n', 'from «declaredd» import a\n'],
    near: [
      'import declared\n',
      'import installed\n',
      'import yaml\n',
      'import numpy\n',
      'import _thread, tomllib, distutils\n',
      'try:\n    import fastjsonparse\nexcept ImportError:\n    fastjsonparse = None\n',
      'def f():\n    import fastjsonparse\n',
      'import app\n',
      'import script\n',
    ],
  },
  {
    rule: 'names/unknown-package',
    severity: 'medium',
    found: ['import «numpy»\n', 'def f():\n    import «fastjsonparse»\n'],
    near: ['import declared\n'],
  },
  {
    rule: 'names/unknown-parameter',
    severity: 'high',
    found: ['from app.shop import Basket\nBasket().add(«itm»=1)\n', 'import os\nos.makedirs("a", «exst_ok»=True)\n'],
    near: [
      'from app.shop import Basket\nBasket().add(item=1)\n',
      'def f(**rest): pass\nf(anything=1)\n',
      'from app.shop import Basket\nBasket().add()\n',
    ],
  },
  {
    // What a class takes may be made when it runs.
    rule: 'names/unknown-parameter',
    severity: 'medium',
    found: ['import json\njson.JSONEncoder(«indnt»=2)\n'],
    near: ['import json\njson.JSONEncoder(indent=2)\n'],
  },
];

function makeWorkspace(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-python-')));
  const files: Readonly<Record<string, string>> = {
    'pyproject.toml': '[project]\nname = "app"\ndependencies = ["declared>=1", "PyYAML"]\n',
    'app/__init__.py': '',
    'app/shop.py': [
      'class Basket:',
      '    def add(self, item):',
      '        return item',
      'class Order:',
      '    def __init__(self):',
      '        self.total_of_order = 1',
      '',
    ].join('\n'),
    'script.py': '',
    '.venv/pyvenv.cfg': 'home = /usr/bin\nversion = 3.12.1\n',
    '.venv/lib/python3.12/site-packages/installed/part.py': '',
    '.venv/lib/python3.12/site-packages/installed/compiled.cpython-312-x86_64-linux-gnu.so': '',
    '.venv/lib/python3.12/site-packages/installed/__init__.py': 'def greet(name): return name\n',
  };
  for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
  return folder;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function open(options: Partial<PyrightValidatorOptions> = {}): Validator {
  const env = { PATH: toolFolder, HOME: '/nowhere' };
  return createPyrightValidator({ env, log: silentLog, own: null, deadlineMs: 120_000, ...options });
}

async function ask(
  validator: Validator,
  folder: string,
  text: string,
  { path = 'app/judged.py', isTrusted = false }: { readonly path?: string; readonly isTrusted?: boolean } = {},
): Promise<Examined> {
  const workplace = { folder, isTrusted, index: null, gate: defaultSettings().gate };
  return validator.examine([{ path: join(folder, path), languageId: 'python', text }], workplace, signal);
}

describe('pyright', function () {
  this.timeout(300_000);
  const folder = makeWorkspace();
  const validator = open();
  after(async () => {
    await validator.dispose?.();
    rmSync(folder, { recursive: true });
  });

  for (const { rule, severity, found, near } of cases) {
    for (const source of found) {
      it(`${rule} (${severity}): ${source}`, async () => {
        const text = source.replace(/[«»]/g, '');
        const { findings, unknown } = await ask(validator, folder, text);
        assert.equal(unknown, null);
        assert.deepEqual(
          findings.map(finding => [finding.rule, finding.severity, text.slice(finding.start, finding.end)]),
          [[rule, severity, /«(.*)»/.exec(source)?.[1]]],
        );
      });
    }
    for (const text of near) {
      it(`no ${rule} (${severity}): ${text}`, async () => {
        const { findings, unknown } = await ask(validator, folder, text);
        assert.equal(unknown, null);
        assert.deepEqual(
          findings.filter(finding => finding.rule === rule && finding.severity === severity),
          [],
        );
      });
    }
  }

  it('asks whether a near name was meant, and never to install anything', async () => {
    const messages = async (text: string): Promise<readonly string[]> =>
      (await ask(validator, folder, text)).findings.map(({ message }) => message);
    assert.deepEqual(await messages('import jsn\n'), [
      'jsn is neither declared nor installed, nor part of Python. Did you mean json?',
    ]);
    assert.deepEqual(await messages('import fastjsonparse\n'), [
      'fastjsonparse is neither declared nor installed, nor part of Python.',
    ]);
  });

  it('sees what stands in the other files that are judged', async () => {
    const workplace = { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
    const judge = async (shop: string): Promise<readonly string[]> => {
      const files = [
        { path: join(folder, 'app/shop.py'), languageId: 'python', text: shop },
        { path: join(folder, 'app/fresh.py'), languageId: 'python', text: 'def new(): pass\n' },
        {
          path: join(folder, 'app/judged.py'),
          languageId: 'python',
          text: 'from .shop import later\nfrom .fresh import new\nfrom app.fresh import new as other\n',
        },
      ];
      return (await validator.examine(files, workplace, signal)).findings.map(finding => finding.rule);
    };
    assert.deepEqual(await judge('def later(): pass\n'), []);
    assert.deepEqual(await judge('def sooner(): pass\n'), ['names/unknown-export']);
    // What was judged is not what is there.
    assert.deepEqual((await ask(validator, folder, 'from .shop import later\n')).findings.length, 1);
  });

  it('sees what was changed on disk, and what came', async () => {
    const path = join(folder, 'app', 'disk.py');
    const rules = async (name: string): Promise<readonly string[]> =>
      (await ask(validator, folder, `from .disk import ${name}\n`)).findings.map(finding => finding.rule);
    assert.deepEqual(await rules('one'), ['names/unknown-module']);
    write(path, 'one = 1\n');
    await waitFor(async () => (await rules('one')).length === 0, 30_000);
    assert.deepEqual(await rules('two'), ['names/unknown-export']);
    write(path, 'one = 1\ntwo = 2\n');
    await waitFor(async () => (await rules('two')).length === 0, 30_000);
    rmSync(path);
  });

  it('does not take a word of the workspace for what is checked', async () => {
    for (const [path, text] of [
      ['pyrightconfig.json', '{"ignore": ["**"], "reportAttributeAccessIssue": "none", "typeCheckingMode": "off"}'],
      ['app/pyrightconfig.json', '{"ignore": ["**"]}'],
    ] as const)
      write(join(folder, path), text);
    const other = open();
    try {
      assert.equal((await ask(other, folder, 'import os\nos.path.joinn("a")\n')).findings.length, 1);
    } finally {
      await other.dispose?.();
      rmSync(join(folder, 'pyrightconfig.json'));
      rmSync(join(folder, 'app', 'pyrightconfig.json'));
    }
  });

  it('leaves none behind where there are more projects than it keeps', async () => {
    const children: number[] = [];
    const other = open({ onStart: pid => children.push(pid) });
    const files = ['one', 'two', 'three', 'four'].map(name => {
      const own = join(folder, 'many', name);
      mkdirSync(own, { recursive: true });
      writeFileSync(join(own, 'pyproject.toml'), `[project]\nname = "${name}"\nversion = "1"\n`);
      const file = { path: join(own, 'm.py'), languageId: 'python', text: 'import os\nos.path.joinn("a")\n' };
      writeFileSync(file.path, file.text);
      return file;
    });
    const workplace = { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
    const { findings, unknown } = await other.examine(files, workplace, signal);
    assert.deepEqual([findings.length, unknown], [4, null]);
    assert.equal(children.length, 4);
    await other.dispose?.();
    await waitFor(() => children.every(pid => !isRunning(pid)));
  });

  it('ends when idle, and starts again', async () => {
    const children: number[] = [];
    const other = open({ idleMs: 50, onStart: pid => children.push(pid) });
    try {
      await ask(other, folder, 'a = 1\n');
      await waitFor(() => children.length === 1 && !isRunning(children[0] ?? 0), 30_000);
      assert.equal((await ask(other, folder, 'nobody\n')).findings.length, 1);
      assert.equal(children.length, 2);
    } finally {
      await other.dispose?.();
    }
    await waitFor(() => children.every(pid => !isRunning(pid)));
  });

  it('is not started again at once when it was killed, and then is', async () => {
    const children: number[] = [];
    const other = open({ onStart: pid => children.push(pid) });
    try {
      await ask(other, folder, 'a = 1\n');
      process.kill(children[0] ?? 0, 'SIGKILL');
      await waitFor(async () => (await ask(other, folder, 'nobody\n')).unknown !== null, 30_000);
      await waitFor(async () => (await ask(other, folder, 'nobody\n')).findings.length === 1, 60_000);
    } finally {
      await other.dispose?.();
    }
  });

  it('is unknown when it takes too long', async () => {
    const other = open({ deadlineMs: 1 });
    try {
      const { findings, unknown } = await ask(other, folder, 'nobody\n');
      assert.deepEqual([findings, unknown?.why, unknown?.missing], [[], 'pyright did not answer in time.', 'pyright']);
    } finally {
      await other.dispose?.();
    }
  });

  it('ends with the reason of its signal', async () => {
    const stopping = new AbortController();
    const workplace = { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
    const files = [{ path: join(folder, 'app/judged.py'), languageId: 'python', text: 'nobody\n' }];
    const examining = validator.examine(files, workplace, stopping.signal);
    stopping.abort(new Error('enough'));
    await assert.rejects(examining, /enough/);
    assert.equal((await ask(validator, folder, 'nobody\n')).findings.length, 1);
  });
});

describe('pyright, missing', () => {
  it('is unknown, with what to do', async () => {
    const validator = open({ env: { PATH: '' } });
    const { findings, unknown } = await ask(validator, '/nowhere', 'nobody\n');
    assert.deepEqual([findings, unknown?.missing], [[], 'pyright']);
    assert.match(unknown?.why ?? '', /not installed/);
    assert.match(unknown?.remedy ?? '', /npm install -g pyright/);
  });

  it('is found beside our own package', async function () {
    this.timeout(60_000);
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-python-')));
    const validator = open({ env: { PATH: '' }, own: new URL(import.meta.url) });
    try {
      assert.equal((await ask(validator, folder, 'nobody\n')).findings.length, 1);
    } finally {
      await validator.dispose?.();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a workspace that wants pyright to run something', function () {
  this.timeout(120_000);

  /** Everything in it that could be run writes a file. */
  function makeHostile(): { readonly folder: string; readonly proof: string } {
    const folder = makeWorkspace();
    const proof = join(folder, 'was-run');
    const programs = [
      ...['python', 'python3', 'pyright-langserver'].map(name => `.venv/bin/${name}`),
      ...['python', 'python3', 'pyright-langserver', 'basedpyright-langserver'],
    ];
    for (const program of programs) {
      write(join(folder, program), `#!/bin/sh\necho run >> '${proof}'\nexit 1\n`);
      chmodSync(join(folder, program), 0o755);
    }
    write(
      join(folder, 'node_modules/pyright/langserver.index.js'),
      `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '')`,
    );
    const settings = { venvPath: '.', venv: '.venv', pythonPath: join(folder, '.venv/bin/python') };
    write(join(folder, 'pyrightconfig.json'), JSON.stringify(settings));
    write(join(folder, '.vscode/settings.json'), JSON.stringify({ 'python.pythonPath': settings.pythonPath }));
    write(join(folder, '.venv/lib/python3.12/site-packages/evil.pth'), `import os; os.system("touch '${proof}'")\n`);
    return { folder, proof };
  }

  const examineHostile = async (
    isTrusted: boolean,
  ): Promise<{ readonly wasRun: boolean; readonly examined: Examined }> => {
    const { folder, proof } = makeHostile();
    const path = ['', '.', folder, join(folder, '.venv/bin'), toolFolder].join(delimiter);
    const env = { PATH: path, HOME: '/nowhere', VIRTUAL_ENV: join(folder, '.venv') };
    // A pyright of the workspace never answers.
    const validator = open({ env, own: new URL(import.meta.url), deadlineMs: isTrusted ? 10_000 : 60_000 });
    try {
      const examined = await ask(validator, folder, 'import installed\ninstalled.greett("a")\n', { isTrusted });
      return { wasRun: existsSync(proof), examined };
    } finally {
      await validator.dispose?.();
      rmSync(folder, { recursive: true });
    }
  };

  it('gets nothing run while it is not trusted, and its packages are read all the same', async () => {
    const { wasRun, examined } = await examineHostile(false);
    assert.equal(wasRun, false);
    assert.deepEqual(
      examined.findings.map(({ rule }) => rule),
      ['names/unknown-member'],
    );
  });

  it('gets it run once it is trusted: the attack is one', async () => {
    assert.equal((await examineHostile(true)).wasRun, true);
  });

  it('has its interpreter asked once it is trusted, and only then', async () => {
    for (const isTrusted of [false, true]) {
      const { folder, proof } = makeHostile();
      rmSync(join(folder, '.venv/bin/pyright-langserver'));
      rmSync(join(folder, 'node_modules'), { recursive: true });
      const validator = open();
      try {
        await ask(validator, folder, 'nobody\n', { isTrusted });
        assert.equal(existsSync(proof), isTrusted);
      } finally {
        await validator.dispose?.();
        rmSync(folder, { recursive: true });
      }
    }
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
