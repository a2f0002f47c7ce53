import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defaultSettings } from '../../server/config/resolve.js';
import type { Validator } from '../../server/validate/validator.js';

export interface ToolCase {
  readonly says: string;
  /** Of the workspace on disk, by relative path. */
  readonly files: Readonly<Record<string, string>>;
  /** What is judged: texts that are not those on disk. */
  readonly judged: Readonly<Record<string, string>>;
  readonly finds: readonly (readonly [rule: string, text: string])[];
  readonly isUnknown?: boolean;
}

export interface ToolTable {
  readonly languageId: string;
  readonly validator: () => Validator;
  readonly cases: readonly ToolCase[];
}

const signal = new AbortController().signal;

/** The real tool on a workspace in a folder of its own. */
export function checkTool({ languageId, validator, cases }: ToolTable): void {
  for (const { says, files, judged, finds, isUnknown = false } of cases) {
    it(says, async () => {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tool-')));
      const tool = validator();
      try {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
        const states = Object.entries(judged).map(([path, text]) => ({ path: join(folder, path), languageId, text }));
        const { findings, unknown } = await tool.examine(states, workplaceAt(folder), signal);
        const found = findings.map(({ rule, path, start, end }) => [
          rule,
          states.find(each => each.path === path)?.text.slice(start, end) ?? '',
        ]);
        assert.deepEqual(found, finds);
        assert.equal(unknown !== null, isUnknown, unknown?.why);
      } finally {
        await tool.dispose?.();
        rmSync(folder, { recursive: true, force: true });
      }
    }).timeout(180_000);
  }
}

/** Where the tool is not installed, nothing is known, and it says what to do. */
export function checkMissing(languageId: string, path: string, tool: string, validator: Validator): void {
  it('is unknown, with what is missing, where the tool is not installed', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tool-')));
    try {
      const file = { path: join(folder, path), languageId, text: 'broken' };
      const { findings, unknown } = await validator.examine([file], workplaceAt(folder), signal);
      assert.deepEqual(findings, []);
      assert.equal(unknown?.missing, tool);
      assert.ok(unknown.remedy !== null);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

function workplaceAt(folder: string) {
  return { folder, isTrusted: true, index: null, gate: defaultSettings().gate };
}
