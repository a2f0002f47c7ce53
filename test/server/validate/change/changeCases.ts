import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { languageOf } from '../../../../grammars/registry.js';
import { silentLog } from '../../../../server/base/log.js';
import { defaultSettings } from '../../../../server/config/resolve.js';
import { ownEntries } from '../../../../server/createCore.js';
import type { FileChange, Judgement } from '../../../../server/validate/gate.js';
import { openGate } from '../../../../server/validate/openGate.js';

export interface ChangeCase {
  readonly says: string;
  /** As they are on disk, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The texts after the change; null: the file goes. */
  readonly change: Readonly<Record<string, string | null>>;
  /** What was moved: where to, by where from. */
  readonly moved?: Readonly<Record<string, string>>;
  /** `PATH RULE MARKED`, in order. */
  readonly finds: readonly string[];
}

const deadlinesMs = { typing: 600_000, edit: 600_000, tests: 600_000 };

/** One test a case, through the whole gate, in a workspace that nobody trusts unless it is said. */
export function checkChanges(
  cases: readonly ChangeCase[],
  env: Readonly<Record<string, string | undefined>>,
  isTrusted = false,
): void {
  const gate = openGate({ entries: ownEntries(), env, log: silentLog, now: () => performance.now(), deadlinesMs });
  after(() => gate.dispose());
  for (const { says, files, change, moved = {}, finds } of cases) {
    it(says, async () => {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-change-')));
      try {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
        const texts = new Map(Object.entries(files));
        const asked = [...Object.entries(change), ...movedOnly(moved, change, texts)].map(
          ([path, text]): FileChange => {
            const from = Object.entries(moved).find(([, to]) => to === path)?.[0] ?? null;
            return {
              path: join(folder, path),
              from: from === null ? null : join(folder, from),
              languageId: languageOf(path, '', '')?.id ?? '',
              before: texts.get(from ?? path) ?? null,
              after: text,
            };
          },
        );
        const workplace = { folder, isTrusted, index: null, gate: defaultSettings().gate };
        const judged = await gate.judge(asked, workplace, 'edit', new AbortController().signal);
        assert.deepEqual(
          shown(
            judged,
            folder,
            new Map([...texts, ...asked.map(each => [relative(folder, each.path), each.after] as const)]),
          ),
          finds,
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }).timeout(180_000);
  }
}

/** What was moved and is otherwise as it was. */
function movedOnly(
  moved: Readonly<Record<string, string>>,
  change: ChangeCase['change'],
  texts: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  return Object.entries(moved).flatMap(([from, to]) => (to in change ? [] : [[to, texts.get(from) ?? ''] as const]));
}

function shown({ issues }: Judgement, folder: string, texts: ReadonlyMap<string, string | null>): readonly string[] {
  return issues
    .map(({ path, rule, start, end }) => {
      const own = relative(folder, path);
      return `${own} ${rule} ${texts.get(own)?.slice(start, end) ?? ''}`;
    })
    .sort();
}
