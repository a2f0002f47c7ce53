import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentLog } from '../../../../server/base/log.js';
import { defaultSettings } from '../../../../server/config/resolve.js';
import { ownEntries } from '../../../../server/createCore.js';
import { createRuffValidator } from '../../../../server/validate/python/createRuffValidator.js';
import type { SourceFile } from '../../../../server/validate/validator.js';

const sources: Readonly<Record<string, string>> = {
  'app/__init__.py': 'from .shop import Basket as Bag\n__all__ = ["Bag"]\n',
  'app/shop.py':
    'import os\nclass Basket: pass\nprice, tax = 1, 2\ntry:\n    fast = 1\nexcept ValueError:\n    fast = None\n',
  'app/star.py': 'from os.path import *\n',
  'app/made.py': 'globals().update(a=1)\n',
  'app/lazy.py': 'def __getattr__(name): return name\n',
  'app/typed.py': '',
  'app/typed.pyi': 'declared: int\n',
  'src/deep/inner.py': 'here = 1\n',
  'src/deep/__init__.py': '',
};

/** «» marks what is found. */
const found: readonly (readonly [rule: string, source: string])[] = [
  ['names/unknown-export', 'from app.shop import «Baskett»\n'],
  ['names/unknown-export', 'from .shop import Basket, «Baskett» as B\n'],
  ['names/unknown-export', 'from .shop import (\n    Basket,  # the one\n    «pric»,\n)\n'],
  ['names/unknown-export', 'from . import «shopp»\n'],
  ['names/unknown-export', 'from deep.inner import «her»\n'],
  ['names/unknown-member', 'from app import shop\nprint(shop.«Baskett»)\n'],
  ['names/unknown-member', 'import app.shop as s\ns.«pricee»\n'],
  ['names/unknown-member', 'import app\napp.«Basket»\n'],
];

const near: readonly string[] = [
  'from app.shop import Basket, price, tax, fast, os\n',
  'from app import Bag, shop, star\n',
  'from .star import join\n',
  'from .made import a\n',
  'from .lazy import anything\n',
  'from .typed import declared\n',
  'from .nowhere import anything\n',
  'from elsewhere import anything\n',
  'from os import anything\n',
  'from app.shop import __file__\n',
  'try:\n    from .shop import new\nexcept ImportError:\n    new = None\n',
  'from app import shop\nif hasattr(shop, "later"):\n    shop.later()\n',
  'from app import shop\nshop.later = 1\n',
  'from app import shop\nshop = object()\nshop.anything\n',
  'from app import shop\ndef f(shop):\n    return shop.anything\n',
  'from app import shop\nfor shop in []:\n    shop.anything\n',
  'x = "from app.shop import Baskett"  # from app.shop import Baskett\n',
  'from outside import secret\n',
];

describe('names that modules of the workspace lack, without pyright', function () {
  this.timeout(60_000);
  const outer = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-exports-')));
  const folder = join(outer, 'workspace');
  const validator = createRuffValidator({ entries: ownEntries(), log: silentLog });
  const { signal } = new AbortController();

  before(() => {
    for (const [path, text] of Object.entries(sources)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(outer, 'outside.py'), 'nothing = 1\n');
    symlinkSync(join(outer, 'outside.py'), join(folder, 'outside.py'));
  });
  after(async () => {
    await validator.dispose?.();
    rmSync(outer, { recursive: true });
  });

  const examine = async (text: string, others: readonly SourceFile[] = []) => {
    const workplace = { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
    const file = { path: join(folder, 'app', 'judged.py'), languageId: 'python', text };
    const { findings, unknown } = await validator.examine([file, ...others], workplace, signal);
    assert.equal(unknown, null);
    return findings.filter(({ path, rule }) => path === file.path && rule.startsWith('names/'));
  };

  for (const [rule, source] of found) {
    it(`${rule}: ${source}`, async () => {
      const text = source.replace(/[«»]/g, '');
      const findings = await examine(text);
      assert.deepEqual(
        findings.map(finding => [finding.rule, finding.severity, text.slice(finding.start, finding.end)]),
        [[rule, 'high', /«(.*)»/.exec(source)?.[1]]],
      );
    });
  }
  for (const text of near) it(`nothing: ${text}`, async () => assert.deepEqual(await examine(text), []));

  it('goes by what the other files that are judged would be', async () => {
    const other = (text: string): SourceFile => ({ path: join(folder, 'app', 'shop.py'), languageId: 'python', text });
    assert.equal((await examine('from .shop import later\n', [other('later = 1\n')])).length, 0);
    assert.equal((await examine('from .shop import later\n')).length, 1);
    assert.equal((await examine('from .shop import Basket\n', [other('later = 1\n')])).length, 1);
    const fresh = { path: join(folder, 'app', 'fresh.py'), languageId: 'python', text: 'new = 1\n' };
    assert.equal((await examine('from .fresh import new\nfrom . import fresh\n', [fresh])).length, 0);
  });
});
