import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../../server/sandbox/createSandbox.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { createCargoValidator } from '../../server/validate/rust/createCargoValidator.js';
import type { Validator } from '../../server/validate/validator.js';
import { checkMissing, checkTool } from './toolCases.js';

const files = {
  'Cargo.toml': '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
  'src/lib.rs': 'pub mod cart;\n\npub fn total(items: &[u32]) -> u32 {\n    items.iter().sum()\n}\n',
  'src/cart.rs': 'pub struct Cart {\n    pub items: Vec<u32>,\n}\n',
};

describe('cargo', () => {
  const cacheRoot = realpathSync(mkdtempSync(join(tmpdir(), 'cargo-cache-')));
  after(() => rmSync(cacheRoot, { recursive: true, force: true }));
  const cargo = (env: Readonly<Record<string, string | undefined>>): Validator =>
    createCargoValidator({ env, cacheRoot, sandbox: createSandbox({ leaveOut: () => false, env }) });

  checkTool({
    languageId: 'rust',
    validator: () => cargo(process.env),
    cases: [
      {
        says: 'finds members and fields that do not exist, in a text that is not on disk',
        files,
        judged: {
          'src/cart.rs':
            'pub struct Cart {\n    pub items: Vec<u32>,\n}\n\nimpl Cart {\n    pub fn ä(&self) -> u32 {\n        let _ = "ä"; self.itens.len();\n        self.items.lenght()\n    }\n}\n',
        },
        finds: [
          ['names/unknown-member', 'itens'],
          ['names/unknown-member', 'lenght'],
        ],
      },
      {
        says: 'finds names, exports and crates that do not exist',
        files,
        judged: {
          'src/cart.rs':
            'use std::collections::HashMapp;\nuse made_up::Thing;\n\npub fn size(count: u32) -> u32 {\n    cuont\n}\n',
        },
        finds: [
          ['names/unknown-export', 'std::collections::HashMapp'],
          ['names/unknown-package', 'made_up'],
          ['names/unknown-name', 'cuont'],
        ],
      },
      {
        says: 'finds nothing in code that is right, in a file that is new',
        files,
        judged: {
          'src/lib.rs': 'pub mod cart;\npub mod fresh;\n',
          'src/fresh.rs': 'use crate::cart::Cart;\n\npub fn fresh() -> Cart {\n    Cart { items: vec![1] }\n}\n',
        },
        finds: [],
      },
      {
        says: 'does not know where a crate that is required is not there',
        files: { ...files, 'Cargo.toml': `${files['Cargo.toml']}\n[dependencies]\nmade-up-by-nobody = "1"\n` },
        judged: { 'src/cart.rs': 'pub fn size() -> u32 { cuont }\n' },
        finds: [],
        isUnknown: true,
      },
    ],
  });

  checkMissing('rust', 'src/lib.rs', 'cargo', cargo({ PATH: '' }));

  it('lets a build script of the workspace write nowhere but into its copy', async () => {
    const outside = join(tmpdir(), `written-by-build-${process.pid}`);
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tool-')));
    try {
      mkdirSync(join(folder, 'src'));
      writeFileSync(join(folder, 'Cargo.toml'), files['Cargo.toml']);
      writeFileSync(join(folder, 'src/lib.rs'), 'pub fn a() {}\n');
      const script = `fn main() { let _ = std::fs::write(${JSON.stringify(outside)}, "x"); let _ = std::fs::write("built", "x"); }\n`;
      writeFileSync(join(folder, 'build.rs'), script);
      const file = { path: join(folder, 'src/lib.rs'), languageId: 'rust', text: 'pub fn a() { b() }\n' };
      const workplace = { folder, isTrusted: true, index: null, gate: defaultSettings().gate };
      const { findings } = await cargo(process.env).examine([file], workplace, new AbortController().signal);
      assert.deepEqual(
        findings.map(({ rule }) => rule),
        ['names/unknown-name'],
      );
      assert.equal(existsSync(outside), false);
      assert.equal(existsSync(join(folder, 'built')), false);
      assert.equal(existsSync(join(folder, 'target')), false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(180_000);
});
