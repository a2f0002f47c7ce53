import assert from 'node:assert/strict';
import type { DocSnapshot, TextEdit } from '../../../server/base/snapshot.js';
import { languageOf } from '../../../grammars/registry.js';
import {
  findImports,
  namesToImport,
  renewImports,
  type MissingImport,
} from '../../../server/complete/missingImports.js';
import { createTestIndex, createTestPool, never, type TestIndex } from '../../index/support/codeIndex.js';
import { createWorkspace, type TestWorkspace } from '../../index/support/workspace.js';
import { marked } from '../../support/markedText.js';

/** One workspace of all languages, in an index as it is in use. */
const files: Readonly<Record<string, string>> = {
  // Other files of TypeScript say how it is done; `.js` at the end here.
  'web/package.json': '{"type": "module"}',
  'web/src/letters/send.ts':
    'export function sendReminder(to: string): void {}\nexport function sendInvoice(): void {}\nfunction hidden(): void {}\n',
  'web/src/letters/kinds.ts':
    'export interface LetterKind { name: string }\nexport default class Envelope {}\nexport const MAX_PAGES = 4;\n',
  'web/src/orders/remind.ts':
    "import { sendReminder } from '../letters/send.js';\nimport type { LetterKind } from '../letters/kinds.js';\nimport Envelope from '../letters/kinds.js';\nimport { readFile } from 'node:fs/promises';\nimport * as paths from 'node:path';\nexport const remind = (kind: LetterKind) => { sendReminder(kind.name); new Envelope(); readFile('a'); paths.join('a'); };\n",
  'web/src/orders/again.ts': "import { readFile } from 'node:fs/promises';\nreadFile('b');\n",
  // Two that are called alike: one near, one far.
  'web/src/orders/parse/number.ts': 'export function parseAmount(): number { return 1; }\n',
  'web/src/other/deep/number.ts': 'export function parseAmount(): number { return 2; }\n',
  'web/src/one/twin.ts': 'export function twinOf(): void {}\n',
  'web/src/two/twin.ts': 'export function twinOf(): void {}\n',
  'old/load.js': 'const { loadAll } = require("./all");\nmodule.exports = { loadOne() { loadAll(); } };\n',
  'old/all.js': 'function loadAll() {}\nmodule.exports = { loadAll };\n',

  'py/shop/__init__.py': '',
  'py/shop/models/__init__.py': '',
  'py/shop/models/order.py':
    'class Order:\n    pass\n\n\ndef total_of(order):\n    return 1\n\n\ndef tax_of(order):\n    return 2\n',
  'py/shop/report.py':
    'import json\nimport numpy as np\n\nfrom shop.models.order import Order\n\n\ndef report():\n    order = Order()\n    np.zeros(3)\n    return json.dumps(order)\n',
  'py/scripts/helper.py': 'def ask_user():\n    pass\n',

  'go/go.mod': 'module example.com/shop\n\ngo 1.22\n',
  'go/stock/stock.go':
    'package stock\n\nfunc Count(name string) int { return 1 }\n\nfunc Reserve(name string) error { return nil }\n',
  'go/cmd/main.go':
    'package main\n\nimport (\n\t"fmt"\n\n\t"example.com/shop/stock"\n)\n\nfunc main() { fmt.Println(stock.Count("a")) }\n',
  'go/prices/prices.go': 'package prices\n\nfunc Of(name string) int { return 1 }\n',

  'java/src/main/java/shop/model/Parcel.java':
    'package shop.model;\n\npublic class Parcel {\n    public int weight() { return 1; }\n}\n',
  'java/src/main/java/shop/Depot.java':
    'package shop;\n\nimport java.util.List;\nimport shop.model.Parcel;\n\npublic class Depot {\n    Parcel first(List<Parcel> all) { return new Parcel(); }\n}\n',

  'rust/Cargo.toml': '[package]\nname = "shop-core"\nversion = "0.1.0"\n',
  'rust/src/lib.rs': 'pub mod ledger;\npub mod tax;\n',
  'rust/src/ledger.rs': 'pub struct Ledger;\n\npub fn open_ledger() -> Ledger { Ledger }\n\nfn private_part() {}\n',
  'rust/src/tax.rs': 'use crate::ledger::Ledger;\n\npub fn tax(ledger: &Ledger) -> u8 { 1 }\n',

  'c/include/ring/bell.h':
    '#pragma once\n\ntypedef struct ring_bell ring_bell;\n\nstatic inline int ring_bell_once(int times) { return times; }\n',
  'c/src/a.c': '#include <stdio.h>\n\nint first(void) { return 0; }\n',

  'cs/Letters/Sender.cs':
    'using System;\n\nnamespace Shop.Letters\n{\n    public class LetterSender\n    {\n        public void Send() {}\n    }\n}\n',
};

interface Case {
  readonly what: string;
  readonly path: string;
  /** ▮ at the cursor; → is a tab. */
  readonly source: string;
  readonly says: string;
  /** The document with the imports, without what was said; null: nothing is imported. */
  readonly becomes: string | null;
}

const cases: readonly Case[] = [
  {
    what: 'as other files do, in the way of this one',
    path: 'web/src/main.ts',
    source: "import { a } from './a.js';\n\n▮\n",
    says: 'sendReminder("ann");',
    becomes: "import { a } from './a.js';\nimport { sendReminder } from './letters/send.js';\n\n\n",
  },
  {
    what: 'into the braces that are there, sorted',
    path: 'web/src/main.ts',
    source: "import { sendInvoice } from './letters/send.js';\nsendInvoice();\n▮\n",
    says: 'sendReminder("ann");',
    becomes: "import { sendInvoice, sendReminder } from './letters/send.js';\nsendInvoice();\n\n",
  },
  {
    what: 'into braces over lines',
    path: 'web/src/main.ts',
    source: "import {\n  sendInvoice,\n} from './letters/send.js';\nsendInvoice();\n▮\n",
    says: 'sendReminder("ann");',
    becomes: "import {\n  sendInvoice,\n  sendReminder,\n} from './letters/send.js';\nsendInvoice();\n\n",
  },
  {
    what: 'at the top, behind a licence, where there is none yet',
    path: 'web/src/main.ts',
    source: "/* Licence. */\n\nexport const a = ['1', '2'];\n▮\n",
    says: 'sendReminder("ann");',
    becomes: "/* Licence. */\n\nimport { sendReminder } from './letters/send.js';\n\nexport const a = ['1', '2'];\n\n",
  },
  {
    what: 'with the quotes of the file and without semicolons',
    path: 'web/src/main.ts',
    source: 'import { a } from "./a.js"\nimport { z } from "./z.js"\n\n▮\n',
    says: 'sendReminder("ann")',
    becomes:
      'import { a } from "./a.js"\nimport { sendReminder } from "./letters/send.js"\nimport { z } from "./z.js"\n\n\n',
  },
  {
    what: 'packages before files of the project',
    path: 'web/src/main.ts',
    source: "import { a } from './a.js';\n\n▮\n",
    says: "readFile('c');",
    becomes: "import { readFile } from 'node:fs/promises';\nimport { a } from './a.js';\n\n\n",
  },
  {
    what: 'a whole module',
    path: 'web/src/main.ts',
    source: "import { readFile } from 'node:fs/promises';\n\n▮\n",
    says: "paths.join('a');",
    becomes: "import { readFile } from 'node:fs/promises';\nimport * as paths from 'node:path';\n\n\n",
  },
  {
    what: 'a type as a type',
    path: 'web/src/main.ts',
    source: 'export const a = 1;\n▮\n',
    says: 'function f(kind: LetterKind): void {}',
    becomes: "import type { LetterKind } from './letters/kinds.js';\n\nexport const a = 1;\n\n",
  },
  {
    what: 'what a file gives away without a name',
    path: 'web/src/main.ts',
    source: 'export const a = 1;\n▮\n',
    says: 'const b = new Envelope();',
    becomes: "import Envelope from './letters/kinds.js';\n\nexport const a = 1;\n\n",
  },
  {
    what: 'what nobody imports yet from where it is defined',
    path: 'web/src/main.ts',
    source: "import { a } from './a.js';\n▮\n",
    says: 'const b = MAX_PAGES;',
    becomes: "import { a } from './a.js';\nimport { MAX_PAGES } from './letters/kinds.js';\n\n",
  },
  {
    what: 'several at once',
    path: 'web/src/main.ts',
    source: "import { a } from './a.js';\n▮\n",
    says: 'sendReminder(MAX_PAGES); sendInvoice();',
    becomes:
      "import { a } from './a.js';\nimport { MAX_PAGES } from './letters/kinds.js';\nimport { sendInvoice, sendReminder } from './letters/send.js';\n\n",
  },
  {
    what: 'of two that are called alike the one that is clearly nearer',
    path: 'web/src/orders/parse/more.ts',
    source: 'export const a = 1;\n▮\n',
    says: 'parseAmount();',
    becomes: "import { parseAmount } from './number.js';\n\nexport const a = 1;\n\n",
  },
  {
    what: 'nothing where two are equally near',
    path: 'web/src/main.ts',
    source: '▮\n',
    says: 'twinOf();',
    becomes: null,
  },
  {
    what: 'nothing that its file keeps for itself',
    path: 'web/src/main.ts',
    source: '▮\n',
    says: 'hidden();',
    becomes: null,
  },
  {
    what: 'nothing that is imported already',
    path: 'web/src/main.ts',
    source: "import { sendReminder } from '@shop/letters';\n▮\n",
    says: 'sendReminder();',
    becomes: null,
  },
  {
    what: 'nothing that the document defines itself',
    path: 'web/src/main.ts',
    source: 'function sendReminder() {}\n▮\n',
    says: 'sendReminder();',
    becomes: null,
  },
  {
    what: 'nothing for a member',
    path: 'web/src/main.ts',
    source: 'const a = 1;\n▮\n',
    says: 'a.sendReminder();',
    becomes: null,
  },
  { what: 'nothing that nobody knows', path: 'web/src/main.ts', source: '▮\n', says: 'unheardOf();', becomes: null },
  {
    what: 'with require where the file has nothing else',
    path: 'old/more.js',
    source: 'const fs = require("fs");\n\n▮\n',
    says: 'loadAll();',
    becomes: 'const fs = require("fs");\nconst { loadAll } = require("./all");\n\n\n',
  },

  {
    what: 'Python: as other files do',
    path: 'py/shop/cart.py',
    source: '"""A cart."""\n\nimport os\n\n\ndef f():\n    ▮\n',
    says: 'return Order()',
    becomes: '"""A cart."""\n\nimport os\n\nfrom shop.models.order import Order\n\n\ndef f():\n    \n',
  },
  {
    what: 'Python: into a line that is there',
    path: 'py/shop/cart.py',
    source: 'from shop.models.order import tax_of\n\ntax_of(1)\n▮\n',
    says: 'total_of(1)',
    becomes: 'from shop.models.order import tax_of, total_of\n\ntax_of(1)\n\n',
  },
  {
    what: 'Python: into a line with brackets',
    path: 'py/shop/cart.py',
    source: 'from shop.models.order import (\n    tax_of,\n)\n\ntax_of(1)\n▮\n',
    says: 'total_of(1)',
    becomes: 'from shop.models.order import (\n    tax_of,\n    total_of,\n)\n\ntax_of(1)\n\n',
  },
  {
    what: 'Python: relative where the file does so',
    path: 'py/shop/cart.py',
    source: 'from .prices import price\n\nprice()\n▮\n',
    says: 'total_of(1)',
    becomes: 'from .models.order import total_of\nfrom .prices import price\n\nprice()\n\n',
  },
  {
    what: 'Python: a module by the name others give it',
    path: 'py/shop/cart.py',
    source: 'import os\n\nos.getcwd()\n▮\n',
    says: 'np.zeros(2)',
    becomes: 'import os\n\nimport numpy as np\n\nos.getcwd()\n\n',
  },
  {
    what: 'Python: of its own library',
    path: 'py/shop/cart.py',
    source: 'import os\n\nos.getcwd()\n▮\n',
    says: 'itertools.chain([])',
    becomes: 'import itertools\nimport os\n\nos.getcwd()\n\n',
  },
  {
    what: 'Python: a script beside it',
    path: 'py/scripts/run.py',
    source: '#!/usr/bin/env python3\n▮\n',
    says: 'ask_user()',
    becomes: '#!/usr/bin/env python3\n\nfrom helper import ask_user\n\n\n',
  },

  {
    what: 'Go: a package, in its group',
    path: 'go/cmd/more.go',
    source:
      'package main\n\nimport (\n→"fmt"\n\n→"example.com/shop/prices"\n)\n\nfunc f() {\n→fmt.Println(prices.Of("a"))\n→▮\n}\n',
    says: 'stock.Count("a")',
    becomes:
      'package main\n\nimport (\n→"fmt"\n\n→"example.com/shop/prices"\n→"example.com/shop/stock"\n)\n\nfunc f() {\n→fmt.Println(prices.Of("a"))\n→\n}\n',
  },
  {
    what: 'Go: a package that nobody imports yet',
    path: 'go/cmd/more.go',
    source: 'package main\n\nimport "fmt"\n\nfunc f() {\n→fmt.Println()\n→▮\n}\n',
    says: 'prices.Of("a")',
    becomes: 'package main\n\nimport (\n→"fmt"\n\n→"example.com/shop/prices"\n)\n\nfunc f() {\n→fmt.Println()\n→\n}\n',
  },
  {
    what: 'Go: of its own library',
    path: 'go/cmd/more.go',
    source: 'package main\n\nfunc f() {\n→▮\n}\n',
    says: 'strings.ToUpper("a")',
    becomes: 'package main\n\nimport "strings"\n\nfunc f() {\n→\n}\n',
  },
  {
    what: 'Go: nothing within a package',
    path: 'go/stock/more.go',
    source: 'package stock\n\nfunc f() {\n→▮\n}\n',
    says: 'Count("a")',
    becomes: null,
  },

  {
    what: 'Java: a class of another package',
    path: 'java/src/main/java/shop/send/Post.java',
    source: 'package shop.send;\n\nimport java.util.List;\n\nclass Post {\n    List<String> a;\n    ▮\n}\n',
    says: 'Parcel parcel = new Parcel();',
    becomes:
      'package shop.send;\n\nimport java.util.List;\nimport shop.model.Parcel;\n\nclass Post {\n    List<String> a;\n    \n}\n',
  },
  {
    what: 'Java: of its own library',
    path: 'java/src/main/java/shop/send/Post.java',
    source: 'package shop.send;\n\nclass Post {\n    ▮\n}\n',
    says: 'Optional<String> a = Optional.empty();',
    becomes: 'package shop.send;\n\nimport java.util.Optional;\n\nclass Post {\n    \n}\n',
  },
  {
    what: 'Java: nothing within a package',
    path: 'java/src/main/java/shop/model/Stamp.java',
    source: 'package shop.model;\n\nclass Stamp {\n    ▮\n}\n',
    says: 'Parcel parcel = new Parcel();',
    becomes: null,
  },

  {
    what: 'Rust: beside what comes from the same module',
    path: 'rust/src/more.rs',
    source: 'use crate::ledger::Ledger;\n\nfn f(ledger: Ledger) {\n    ▮\n}\n',
    says: 'let other = open_ledger();',
    becomes: 'use crate::ledger::{Ledger, open_ledger};\n\nfn f(ledger: Ledger) {\n    \n}\n',
  },
  {
    what: 'Rust: behind what its own library brings',
    path: 'rust/src/more.rs',
    source: 'use std::fmt;\n\nfn f() {\n    ▮\n}\n',
    says: 'let other = open_ledger();',
    becomes: 'use std::fmt;\nuse crate::ledger::open_ledger;\n\nfn f() {\n    \n}\n',
  },
  {
    what: 'Rust: of its own library',
    path: 'rust/src/more.rs',
    source: '//! More.\n\nfn f() {\n    ▮\n}\n',
    says: 'let all: HashMap<String, u8> = HashMap::new();',
    becomes: '//! More.\n\nuse std::collections::HashMap;\n\nfn f() {\n    \n}\n',
  },
  {
    what: 'Rust: nothing that is private',
    path: 'rust/src/more.rs',
    source: 'fn f() {\n    ▮\n}\n',
    says: 'private_part();',
    becomes: null,
  },

  {
    what: 'C: the header that defines it',
    path: 'c/src/b.c',
    source: '#include <stdio.h>\n\nint second(void) {\n  ▮\n}\n',
    says: 'return ring_bell_once(2);',
    becomes: '#include <stdio.h>\n#include "ring/bell.h"\n\nint second(void) {\n  \n}\n',
  },
  {
    what: 'C: nothing that is included',
    path: 'c/src/b.c',
    source: '#include "ring/bell.h"\n\nint second(void) {\n  ▮\n}\n',
    says: 'return ring_bell_once(2);',
    becomes: null,
  },

  {
    what: 'C#: the namespace of a class',
    path: 'cs/Orders/Order.cs',
    source: 'using System;\n\nnamespace Shop.Orders\n{\n    class Order\n    {\n        ▮\n    }\n}\n',
    says: 'LetterSender sender = new LetterSender();',
    becomes:
      'using System;\nusing Shop.Letters;\n\nnamespace Shop.Orders\n{\n    class Order\n    {\n        \n    }\n}\n',
  },
];

describe('imports that a text needs', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let index: TestIndex;
  const pool = createTestPool();
  before(async () => {
    workspace = createWorkspace(files);
    index = createTestIndex(workspace.folder, { pool });
    await index.start();
    await index.index.settle();
  });
  after(async () => {
    await index.index.close();
    await pool.close();
    workspace.dispose();
  });

  const snapshotOf = (path: string, text: string): DocSnapshot => {
    const absolute = workspace.path(path);
    return {
      uri: `file://${absolute}`,
      path: absolute,
      languageId: languageOf(absolute, '')?.id ?? '',
      version: 1,
      text,
    };
  };
  const find = async (
    path: string,
    source: string,
    says: string,
  ): Promise<{ snapshot: DocSnapshot; found: readonly MissingImport[]; offset: number }> => {
    const { text, offset } = marked(source.replaceAll('→', '\t'), '▮');
    const snapshot = snapshotOf(path, text);
    const names = namesToImport(snapshot, says, offset);
    const found = await findImports(
      snapshot,
      { text: says, offset },
      names,
      { index: index.index, folder: workspace.folder },
      never,
    );
    return { snapshot, found, offset };
  };

  for (const { what, path, source, says, becomes } of cases) {
    it(`come ${what}`, async () => {
      const { snapshot, found } = await find(path, source, says);
      const after = applied(
        snapshot.text,
        found.map(({ edit }) => edit),
      );
      assert.equal(after.replaceAll('\t', '→'), becomes ?? marked(source, '▮').text);
      assert.equal(found.length === 0, becomes === null);
    });
  }

  for (const { what, path, source, says, becomes } of cases.filter(each => each.becomes !== null)) {
    it(`come ${what}, anew once the text stands there, and not again`, async () => {
      const { snapshot, found, offset } = await find(path, source, says);
      const edits = found.map(({ edit }) => edit);
      const accepted = {
        ...snapshot,
        version: 2,
        text: snapshot.text.slice(0, offset) + says + snapshot.text.slice(offset),
      };
      const renewed = renewImports(snapshot, edits, accepted);
      const done = applied(accepted.text, renewed);
      assert.equal(renewed.length, 1);
      const expected = marked(`${becomes ?? ''}`, '▮').text;
      assert.equal(done.replace(says, '').replaceAll('\t', '→'), expected);
      assert.deepEqual(renewImports(snapshot, edits, { ...accepted, version: 3, text: done }), []);
    });
  }

  it('come with the line ends of the document', async () => {
    const { snapshot, found } = await find(
      'web/src/main.ts',
      "import { a } from './a.js';\r\n\r\n▮\r\n",
      'sendReminder("ann");',
    );
    const after = applied(
      snapshot.text,
      found.map(({ edit }) => edit),
    );
    assert.equal(after, "import { a } from './a.js';\r\nimport { sendReminder } from './letters/send.js';\r\n\r\n\r\n");
  });

  it('tell the file that shows the way', async () => {
    const { found } = await find('web/src/main.ts', '▮', 'sendReminder("ann");');
    assert.deepEqual(
      found.map(({ name, from }) => [name, from]),
      [['sendReminder', workspace.path('web/src/orders/remind.ts')]],
    );
  });

  it('are none where the files that would say so are excluded', async () => {
    const hidden = createTestIndex(workspace.folder, {
      pool,
      settings: () => ({ exclude: ['web/src/letters/**', 'web/src/orders/**'], maxFileKb: 1024 }),
    });
    await hidden.start();
    await hidden.index.settle();
    try {
      const snapshot = snapshotOf('web/src/main.ts', '');
      const asked = { text: 'sendReminder();', offset: 0 };
      assert.deepEqual(
        await findImports(snapshot, asked, ['sendReminder'], { index: hidden.index, folder: workspace.folder }, never),
        [],
      );
    } finally {
      await hidden.index.close();
    }
  });

  it('pass on an abort', async () => {
    const abort = new AbortController();
    abort.abort(new Error('superseded'));
    const asked = findImports(
      snapshotOf('web/src/main.ts', ''),
      { text: 'sendReminder();', offset: 0 },
      ['sendReminder'],
      { index: index.index, folder: workspace.folder },
      abort.signal,
    );
    await assert.rejects(asked, /superseded/);
  });
});

function applied(text: string, edits: readonly TextEdit[]): string {
  let after = text;
  const ordered = edits.map((edit, at) => ({ edit, at })).sort((a, b) => b.edit.start - a.edit.start || b.at - a.at);
  for (const { edit } of ordered) after = after.slice(0, edit.start) + edit.text + after.slice(edit.end);
  return after;
}
