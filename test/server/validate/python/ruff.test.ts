import assert from 'node:assert/strict';
import { silentLog } from '../../../../server/base/log.js';
import { defaultSettings } from '../../../../server/config/resolve.js';
import { ownEntries } from '../../../../server/createCore.js';
import { createRuffValidator } from '../../../../server/validate/python/createRuffValidator.js';
import { createRuff } from '../../../../server/validate/python/ruffClient.js';
import type { Finding, Severity, Workplace } from '../../../../server/validate/validator.js';

interface Case {
  readonly rule: string;
  readonly severity: Severity;
  /** Found in each of these, at the marked place where one is marked by «». */
  readonly found: readonly string[];
  /** Not in these, which are close to them. */
  readonly near: readonly string[];
}

const cases: readonly Case[] = [
  {
    rule: 'names/unknown-name',
    severity: 'high',
    found: [
      'def f(count):\n    return «coutn» + 1\n',
      'print(«raw_inputs»())\n',
      'items = [«itme» for item in range(3)]\n',
      'class A:\n    size = 1\n    def f(self):\n        return «size»\n',
      '"ä😀"; «nobody»\n',
      'print(«unicode»("a"))\n',
    ],
    near: [
      'def f(count):\n    return count + 1\n',
      'from os.path import *\nprint(join("a", "b"))\n',
      'import os\ndef f():\n    global later\n    later = 1\nprint(later)\n',
      'globals().update({"made": 1})\nprint(made)\n',
      'exec("made = 1")\nprint(made)\n',
      'try:\n    text = unicode\nexcept NameError:\n    text = str\n',
      'print(_("translated"), __file__, __name__)\n',
      'from __future__ import annotations\ndef f(a: "Later") -> Later: ...\nclass Later: ...\n',
      '__all__ = ["a"]\na = 1\n',
    ],
  },
  {
    rule: 'names/unknown-export',
    severity: 'medium',
    found: ['__all__ = [«"missing"»]\n'],
    near: ['__all__ = ["here"]\nhere = 1\n', 'from os import *\n__all__ = ["maybe"]\n'],
  },
  {
    rule: 'python/wrong-format',
    severity: 'medium',
    found: ['«"%s %s" % (1,)»\n', '«"{} {}".format(1)»\n', '«"%(a)s" % {"b": 1}»\n'],
    near: ['"%s %s" % (1, 2)\n', '"{} {}".format(1, 2)\n', '"%(a)s" % {"a": 1}\n', '"%s %s" % values\n'],
  },
  {
    rule: 'python/redefinition',
    severity: 'low',
    found: ['def «f»():\n    pass\ndef f():\n    pass\n'.replace('«f»', 'f').replace('\ndef f', '\ndef «f»')],
    near: ['if 1:\n    def f(): pass\nelse:\n    def f(): pass\n', 'def f(): pass\nf()\ndef f(): pass\n'],
  },
  {
    rule: 'syntax/python',
    severity: 'high',
    found: ['def f(:\n    pass\n', 'def f():\npass\n', 'x = (1\n'],
    near: ['def f():\n    pass\n', 'match = 1\nprint(match)\n', 'print(f"{1:{2}}")\n'],
  },
  {
    rule: 'syntax/misplaced',
    severity: 'high',
    found: ['«return 1»\n', 'if 1:\n    «break»\n', '«yield 1»\n'],
    near: ['def f():\n    return 1\n', 'for a in b:\n    break\n', 'def f():\n    yield 1\n'],
  },
  {
    rule: 'security/eval-of-built-string',
    severity: 'medium',
    found: ['def f(a):\n    return «eval("x." + a)»\n', 'def f(a):\n    «exec(f"{a} = 1")»\n'],
    near: ['import ast\ndef f(a):\n    return ast.literal_eval(a)\n', 'eval("1 + 1")\n', 'model.eval()\n'],
  },
  {
    rule: 'security/eval-of-built-string',
    severity: 'medium',
    found: ['def f(a):\n    return «eval(a)»\n'],
    near: ['def f(a):\n    return eval("1")\n'],
  },
  {
    rule: 'security/shell-of-built-string',
    severity: 'medium',
    found: [
      'import subprocess\ndef f(a):\n    «subprocess.run(f"ls {a}", shell=True)»\n',
      'import os\ndef f(a):\n    «os.system("ls " + a)»\n',
      'import os\ndef f(a):\n    «os.popen("ls %s" % a)»\n',
      'import subprocess\ndef f(a):\n    «subprocess.run("ls {}".format(a), shell=True)»  # noqa: S602\n',
    ],
    near: [
      'import subprocess\ndef f(a):\n    subprocess.run(["ls", a])\n',
      'import subprocess\nsubprocess.run("ls -l | wc", shell=True)\n',
      'import os\nos.system("clear")\n',
      'import subprocess\ndef f(a):\n    subprocess.run(["ls", f"{a}"], check=True)\n',
    ],
  },
  {
    rule: 'security/unsafe-deserialisation',
    severity: 'high',
    found: [
      'import yaml\ndef f(a):\n    return «yaml.load(a)»\n'.replace('«yaml.load(a)»', 'yaml.load(a)'),
      'import yaml\ndef f(a):\n    return yaml.load(a, Loader=yaml.Loader)\n',
      'import pickle\ndef f(request):\n    return «pickle.loads(request.body)»\n',
    ],
    near: [
      'import yaml\ndef f(a):\n    return yaml.safe_load(a)\n',
      'import yaml\ndef f(a):\n    return yaml.load(a, Loader=yaml.SafeLoader)\n',
      'import yaml\ndef f(a, loader):\n    return yaml.load(a, Loader=loader)\n',
      'import json\ndef f(request):\n    return json.loads(request.body)\n',
      'import pickle\ndef f(path):\n    with open(path, "rb") as file:\n        return pickle.load(file)\n',
    ],
  },
  {
    rule: 'security/built-sql',
    severity: 'medium',
    found: [
      'def f(db, name):\n    db.execute(f"SELECT * FROM users WHERE name = \'{name}\'")\n',
      'def f(db, name):\n    db.execute("SELECT * FROM users WHERE name = \'" + name + "\'")\n',
      'def f(db, name):\n    db.execute("SELECT * FROM users WHERE name = \'%s\'" % name)\n',
    ],
    near: [
      'def f(db, name):\n    db.execute("SELECT * FROM users WHERE name = ?", (name,))\n',
      'def f(db):\n    db.execute("SELECT * FROM users")\n',
    ],
  },
  {
    rule: 'security/weak-hash',
    severity: 'medium',
    found: ['import hashlib\nhashlib.md5(b"a")\n', 'import hashlib\nhashlib.new("sha1")\n'],
    near: ['import hashlib\nhashlib.sha256(b"a")\n', 'import hashlib\nhashlib.md5(b"a", usedforsecurity=False)\n'],
  },
  {
    rule: 'security/weak-cipher',
    severity: 'high',
    found: ['from Crypto.Cipher import DES\nDES.new(b"12345678")\n'],
    near: ['from Crypto.Cipher import AES\nAES.new(b"1234567812345678", AES.MODE_GCM)\n'],
  },
  {
    rule: 'security/tls-check-off',
    severity: 'high',
    found: [
      'import requests\ndef f(url):\n    return «requests.get(url, verify=False)»\n'.replace('«', '').replace('»', ''),
      'import ssl\nssl._create_unverified_context()\n',
    ],
    near: [
      'import requests\ndef f(url):\n    return requests.get(url, verify="ca.pem", timeout=5)\n',
      'import ssl\nssl.create_default_context()\n',
    ],
  },
  {
    rule: 'security/built-path',
    severity: 'medium',
    found: ['import tarfile\ndef f(p):\n    tarfile.open(p).extractall("to")\n'],
    near: ['import tarfile\ndef f(p):\n    tarfile.open(p).extractall("to", filter="data")\n'],
  },
  {
    rule: 'security/permissive-mode',
    severity: 'medium',
    found: ['import os\nos.chmod("a", 0o777)\n'],
    near: ['import os\nos.chmod("a", 0o755)\n'],
  },
];

/** What bandit and its like say of honest code. */
const honest: readonly string[] = [
  'def test_it():\n    assert 1 == 1\n',
  'import random\nrandom.choice([1, 2])\n',
  'import subprocess\nsubprocess.run(["git", "status"], check=True)\n',
  'try:\n    pass\nexcept Exception:\n    pass\n',
  'import urllib.request\nurllib.request.urlopen("https://example.com")\n',
  'import xml.etree.ElementTree as ET\nET.parse("a.xml")\n',
  'password = "hunter2"\n',
  'HOST = "0.0.0.0"\n',
  'import pickle, subprocess, telnetlib\nprint(pickle, subprocess, telnetlib)\n',
];

const workplace: Workplace = { folder: null, isTrusted: false, index: null, gate: defaultSettings().gate };
const { signal } = new AbortController();

describe('ruff', function () {
  this.timeout(30_000);
  const validator = createRuffValidator({ entries: ownEntries(), log: silentLog });
  after(() => validator.dispose?.());

  const examine = async (text: string, path = '/nowhere/app.py'): Promise<readonly Finding[]> => {
    const { findings, unknown } = await validator.examine([{ path, languageId: 'python', text }], workplace, signal);
    assert.equal(unknown, null);
    return findings;
  };

  for (const { rule, severity, found, near } of cases) {
    for (const source of found) {
      it(`${rule} (${severity}): ${source}`, async () => {
        const text = source.replace(/[«»]/g, '');
        const findings = (await examine(text)).filter(finding => finding.rule === rule);
        assert.deepEqual([...new Set(findings.map(finding => finding.severity))], [severity]);
        const place = /«(.*)»/s.exec(source)?.[1];
        if (place !== undefined)
          assert.deepEqual(
            findings.map(({ start, end }) => text.slice(start, end)),
            [place],
          );
      });
    }
    for (const text of near) {
      it(`no ${rule} of ${severity}: ${text}`, async () => {
        const findings = await examine(text);
        assert.deepEqual(
          findings.filter(finding => finding.rule === rule && finding.severity === severity),
          [],
        );
      });
    }
  }

  for (const text of honest) {
    it(`nothing: ${text}`, async () => assert.deepEqual(await examine(text), []));
  }

  it('says of each kind of archive what helps with it', async () => {
    const advice: readonly [string, RegExp][] = [
      ['tarfile.open(p).extractall("to")', /Pass filter="data"\.$/],
      ['with tarfile.open(p) as a:\n        print(p)\n        a.extractall("to")', /Pass filter="data"\.$/],
      ['zipfile.ZipFile(p).extractall("to")', /file_size/],
      ['with zipfile.ZipFile(p) as a:\n        a.extractall("to")', /file_size/],
      ['a = zipfile.ZipFile(p, "r")\n    a.extractall("to")', /file_size/],
      ['p.extractall("to")', /Where it is a tar file, pass filter="data"/],
    ];
    for (const [call, expected] of advice) {
      const found = await examine(`import tarfile\nimport zipfile\ndef f(p):\n    ${call}\n`);
      const own = found.filter(({ rule }) => rule === 'security/built-path');
      assert.equal(own.length, 1, `${call} ${JSON.stringify(found)}`);
      assert.match(own[0]?.message ?? '', expected, call);
    }
  });

  it('refuses nothing of a test', async () => {
    const text = 'import requests\nrequests.get("https://a", verify=False)\n';
    assert.deepEqual(
      (await examine(text, '/nowhere/tests/test_a.py')).map(({ severity }) => severity),
      ['medium'],
    );
    assert.deepEqual(
      (await examine(text, '/nowhere/a.py')).map(({ severity }) => severity),
      ['high'],
    );
  });

  it('says of a text that was no Python before no more than that', async () => {
    const identity = async (text: string): Promise<readonly (string | undefined)[]> => {
      const file = { path: '/nowhere/a.py', languageId: 'python', text };
      return (await examine(text)).map(finding => validator.identity?.(finding, file));
    };
    assert.deepEqual(await identity('print "a"\n'), await identity('print "a"\nexec "b"\nx = (\n'));
  });

  it('does not depend on where a finding stands', async () => {
    const text = 'def f():\n    pass\ndef f():\n    return nobody\n';
    const messages = (findings: readonly Finding[]): readonly string[] => findings.map(({ message }) => message);
    assert.deepEqual(messages(await examine(text)), messages(await examine(`\n\n${text}`)));
  });

  it('leaves stubs, and what is not Python, alone', () => {
    const accepts = (path: string, languageId: string): boolean => validator.accepts({ path, languageId, text: '' });
    assert.deepEqual(
      [accepts('a.py', 'python'), accepts('a.pyi', 'python'), accepts('a.ts', 'typescript')],
      [true, false, false],
    );
  });

  it('judges the others where one is nested without end, or too long', async () => {
    const texts = [`x = ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`, '#'.repeat(1_000_001), 'nobody\n'];
    const files = texts.map((text, at) => ({ path: `/nowhere/${at}.py`, languageId: 'python', text }));
    const { findings, unknown } = await validator.examine(files, workplace, signal);
    assert.deepEqual(
      findings.map(({ path }) => path),
      ['/nowhere/2.py'],
    );
    assert.deepEqual(unknown?.files, ['/nowhere/0.py', '/nowhere/1.py']);
    assert.match(unknown.why, /0\.py is nested too deeply for Ruff\. .*1\.py is too long for Ruff\./);
  });

  it('starts anew after it was put away', async () => {
    await validator.dispose?.();
    assert.equal((await examine('nobody\n')).length, 1);
  });

  it('ends with the reason of its signal', async () => {
    const stopping = new AbortController();
    const examining = validator.examine(
      [{ path: 'a.py', languageId: 'python', text: 'a' }],
      workplace,
      stopping.signal,
    );
    stopping.abort(new Error('enough'));
    await assert.rejects(examining, /enough/);
  });

  it('does not know where its thread cannot start, and says so', async () => {
    const broken = createRuffValidator({
      entries: { ruffThread: new URL('file:///nowhere/ruffThread.js') },
      log: silentLog,
    });
    const { findings, unknown } = await broken.examine(
      [{ path: 'a.py', languageId: 'python', text: 'a' }],
      workplace,
      signal,
    );
    await broken.dispose?.();
    assert.deepEqual([findings, unknown?.why], [[], 'a.py cannot be judged, as Ruff fails on it.']);
  });
});

describe('the formatter of ruff', function () {
  this.timeout(30_000);
  const ruff = createRuff({ entry: ownEntries().ruffThread, log: silentLog });
  after(() => ruff.dispose());

  it('lays a text out in a style', async () => {
    assert.equal(await ruff.format("x = {'a':1}\n", {}, signal), 'x = {"a": 1}\n');
    assert.equal(
      await ruff.format("if x:\n  y = 'a'\n", { indentStyle: 'tab', quoteStyle: 'single' }, signal),
      "if x:\n\ty = 'a'\n",
    );
  });

  it('has nothing to say of what is no Python', async () =>
    assert.equal(await ruff.format('x = (\n', {}, signal), null));
});
