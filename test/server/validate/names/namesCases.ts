import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGrammars } from '../../../../grammars/parse.js';
import type { Machine } from '../../../../server/validate/names/installed.js';
import { createNamesJudge } from '../../../../server/validate/names/judgeNames.js';
import { createParse } from '../../../../server/validate/names/parseTexts.js';
import { grammarFolders } from '../../../support/grammarFolders.js';

/** What is to be found: rule without its validator, and the marked text. */
export type Found = readonly (readonly [rule: string, text: string])[];

export interface NamesCase {
  readonly says: string;
  /** The file that is judged. */
  readonly text: string;
  readonly finds: Found;
  /** Files beside those that every case has. */
  readonly files?: Readonly<Record<string, string>>;
  readonly unknown?: boolean;
}

export interface NamesTable {
  readonly languageId: string;
  /** Relative path of the file that is judged. */
  readonly main: string;
  /** By path relative to the workspace; what begins with `../` lies beside it. */
  readonly files: Readonly<Record<string, string>>;
  readonly machine: (folder: string) => Machine;
  readonly cases: readonly NamesCase[];
}

/** One test a case, on a workspace in a folder of its own. */
export function checkNames({ languageId, main, files, machine, cases }: NamesTable): void {
  for (const { says, text, finds, unknown = false, files: more = {} } of cases) {
    it(says, async () => {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), 'names-')));
      const grammars = await createGrammars(grammarFolders);
      try {
        const workspace = join(folder, 'workspace');
        for (const [path, content] of Object.entries({ ...files, ...more, [main]: text })) {
          const target = join(workspace, path);
          mkdirSync(dirname(target), { recursive: true });
          writeFileSync(target, content);
        }
        const judge = createNamesJudge(workspace, machine(folder), createParse(grammars));
        const examined = judge.examine([{ path: join(workspace, main), languageId, text }]);
        const found = examined.findings.map(({ rule, start, end }) => [rule, text.slice(start, end)]);
        assert.deepEqual(
          found,
          finds.map(([rule, marked]) => [`names/${rule}`, marked]),
        );
        assert.equal(examined.unknown !== null, unknown);
      } finally {
        grammars.dispose();
        rmSync(folder, { recursive: true, force: true });
      }
      // Java's own classes take seconds to be read.
    }).timeout(60_000);
  }
}
