import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLicencesValidator } from '../../../../server/validate/licences/createLicencesValidator.js';
import type { Examined, Workplace } from '../../../../server/validate/validator.js';
import { anywhere } from '../support/anywhere.js';

const project: Readonly<Record<string, string>> = {
  'package.json': '{"license": "MIT", "author": "Ann Author", "dependencies": {"gone": "1"}}',
  'src/own.ts': '// Copyright (c) 2024 Example Works Ltd.\nexport {};\n',
  'gpl/package.json': '{"license": "GPL-3.0-or-later"}',
  'two/package.json': '{"license": "GPL-2.0-only"}',
  'none/a.ts': '',
  'node_modules/free/package.json': '{"license": "ISC"}',
  'node_modules/strict/package.json': '{"license": "GPL-3.0-only"}',
  'node_modules/server/package.json': '{"license": "AGPL-3.0"}',
  'node_modules/either/package.json': '{"license": "(MIT OR GPL-3.0-or-later)"}',
  'node_modules/both/package.json': '{"license": "(MIT AND GPL-3.0-or-later)"}',
  'node_modules/weak/package.json': '{"license": "LGPL-3.0-or-later"}',
  'node_modules/old/package.json': '{"licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]}',
  'node_modules/bought/package.json': '{"license": "BUSL-1.1"}',
  'node_modules/silent/package.json': '{}',
  'node_modules/@scope/strict/package.json': '{"license": "GPL-2.0-or-later"}',
  '.venv/lib/python3.11/site-packages/Strict_Thing-1.0.dist-info/METADATA':
    'Name: Strict-Thing\nClassifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)\n\nText',
  '.venv/lib/python3.11/site-packages/Strict_Thing-1.0.dist-info/top_level.txt': 'strictly\n',
  '.venv/lib/python3.11/site-packages/free-2.0.dist-info/METADATA': 'Name: free\nLicense-Expression: MIT\n\n',
  'vendor/strict-crate/Cargo.toml': '[package]\nlicense = "GPL-3.0"\n',
  'vendor/free/Cargo.toml': '[package]\nlicense = "MIT/Apache-2.0"\n',
};

const gplHeader =
  '/*\n * This program is free software: you can redistribute it and/or modify\n * it under the terms of the GNU General Public License as published by\n * the Free Software Foundation.\n */\n';

const mustBeFound: readonly (readonly [path: string, text: string, rule: string, marked: string])[] = [
  ['src/a.ts', 'import { a } from "strict";', 'licences/incompatible-package high', 'strict'],
  ['src/a.ts', 'import strict from "@scope/strict/deep";', 'licences/incompatible-package high', '@scope/strict/deep'],
  ['src/a.js', 'const s = require("server");', 'licences/incompatible-package high', 'server'],
  ['src/a.ts', 'const s = await import("both");', 'licences/incompatible-package high', 'both'],
  ['src/a.ts', 'export * from "bought";', 'licences/incompatible-package medium', 'bought'],
  ['two/a.ts', 'import "strict";', 'licences/incompatible-package high', 'strict'],
  ['src/a.py', 'import strictly.part', 'licences/incompatible-package high', 'strictly.part'],
  ['src/a.py', 'from strict_thing import a', 'licences/incompatible-package high', 'strict_thing'],
  ['src/a.rs', 'use strict_crate::a;', 'licences/incompatible-package high', 'strict_crate'],
  ['src/a.ts', '// SPDX-License-Identifier: GPL-2.0-only\n', 'licences/copyleft-header high', 'SPDX'],
  ['src/a.c', '/* SPDX-License-Identifier: AGPL-3.0-or-later */\n', 'licences/copyleft-header high', 'SPDX'],
  ['src/a.ts', gplHeader, 'licences/copyleft-header high', 'under'],
  [
    'src/a.py',
    '# under the terms of the GNU Lesser General Public License\n',
    'licences/copyleft-header medium',
    'under',
  ],
  ['gpl/a.ts', '// SPDX-License-Identifier: AGPL-3.0-only\n', 'licences/copyleft-header high', 'SPDX'],
  [
    'src/a.ts',
    '// Copyright (c) 2015 Other People, Inc. All rights reserved.\n',
    'licences/foreign-copyright medium',
    '// C',
  ],
];

const nearTwins: readonly (readonly [path: string, text: string])[] = [
  ['src/a.ts', 'import { a } from "free";\nimport b from "weak";\nimport "silent";'],
  ['src/a.ts', 'import { a } from "either";\nimport old from "old";'],
  ['src/a.ts', 'import { a } from "./strict";\nimport fs from "node:fs";\nimport path from "path";'],
  ['src/a.ts', 'import { a } from "nowhere";'],
  ['test/a.test.ts', 'import { a } from "strict";'],
  ['gpl/a.ts', 'import { a } from "strict";'],
  ['src/a.ts', 'const text = "import x from strict";'],
  ['src/a.py', 'import os, sys\nfrom free import a\nfrom . import strictly'],
  ['src/a.rs', 'use std::io;\nuse crate::strict_crate;\nuse free::a;'],
  ['src/a.ts', '// SPDX-License-Identifier: MIT\n'],
  ['src/a.ts', '// SPDX-License-Identifier: MIT OR GPL-2.0-only\n'],
  ['gpl/a.ts', '// SPDX-License-Identifier: GPL-3.0-or-later\n'],
  ['src/a.ts', 'const known = ["GPL-3.0", "under the terms of the GNU General Public License as published"];'],
  ['src/a.ts', 'const tag = "SPDX-License-Identifier: GPL-3.0-only";'],
  ['src/a.ts', '// The GPL is one of the licences that this reader knows.\n'],
  ['README.md', gplHeader],
  ['COPYING', gplHeader],
  ['src/a.ts', '// Copyright (c) 2026 Ann Author. All rights reserved.\n'],
  ['src/new.ts', '// Copyright (c) 2026 Example Works Ltd.\n'],
  ['src/a.ts', '// copyright notices are kept\n'],
];

describe('licences', () => {
  const validator = createLicencesValidator();
  let folder = '';
  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'understudy-licences-')));
    for (const [name, text] of Object.entries(project)) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const examine = async (name: string, text: string, gate: Partial<Workplace['gate']> = {}): Promise<Examined> => {
    const file = { path: join(folder, name), languageId: '', text };
    if (!validator.accepts(file)) return { findings: [], unknown: null };
    const workplace = { ...anywhere, folder, gate: { ...anywhere.gate, ...gate } };
    return validator.examine([file], workplace, new AbortController().signal);
  };

  for (const [path, text, rule, marked] of mustBeFound) {
    it(`${rule} in ${path}: ${text.slice(0, 70)}`, async () => {
      const { findings, unknown } = await examine(path, text);
      const [first] = findings;
      assert.ok(first !== undefined, 'found');
      assert.equal(`${first.rule} ${first.severity}`, rule);
      assert.ok(text.slice(first.start, first.end).startsWith(marked), text.slice(first.start, first.end));
      assert.match(first.message, /\.$/);
      assert.deepEqual([findings.length, unknown], [1, null]);
    });
  }

  for (const [path, text] of nearTwins) {
    it(`nothing in ${path}: ${text.slice(0, 70)}`, async () => {
      assert.deepEqual(await examine(path, text), { findings: [], unknown: null });
    });
  }

  it('says what it cannot know: a package that is declared and not installed', async () => {
    const { findings, unknown } = await examine('src/a.ts', 'import gone from "gone";');
    assert.deepEqual(findings, []);
    assert.match(unknown?.why ?? '', /gone/);
  });

  it('goes by the lists of the settings', async () => {
    const allow = { licences: { allow: ['ISC'], deny: [] } };
    assert.equal((await examine('src/a.ts', 'import "free";', allow)).findings.length, 0);
    assert.equal((await examine('src/a.ts', 'import "either";', allow)).findings[0]?.severity, 'high');
    assert.equal((await examine('src/a.ts', 'import "silent";', allow)).findings[0]?.rule, 'licences/unknown-licence');
    const deny = { licences: { allow: [], deny: ['ISC', 'MIT'] } };
    assert.equal((await examine('src/a.ts', 'import "free";', deny)).findings[0]?.severity, 'high');
    assert.equal((await examine('gpl/a.ts', 'import "either";', deny)).findings.length, 0);
    assert.equal((await examine('gpl/a.ts', 'import "both";', deny)).findings[0]?.severity, 'high');
  });

  it('knows nothing where there is no workspace', async () => {
    const file = { path: join(folder, 'src/a.ts'), languageId: '', text: 'import "strict";' };
    assert.deepEqual(await validator.examine([file], anywhere, new AbortController().signal), {
      findings: [],
      unknown: null,
    });
  });
});
