/**
 * The gate's fast part, for lines that were really written, in files of up to 2,000 lines and around 5,000: the parse of what
 * would stand there, secrets, dangers. The document changes by a key before each, as it does while somebody types: asked at
 * once, as recall does, the key has to be parsed as well; a model's text comes when that has long been done.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createTrees } from '../../grammars/treesClient.js';
import { silentLog } from '../../server/base/log.js';
import { pathToUri } from '../../server/base/paths.js';
import type { DocSnapshot } from '../../server/base/snapshot.js';
import { findSecret } from '../../server/complete/secretPlace.js';
import { ownEntries } from '../../server/createCore.js';
import { createCodeExaminer } from '../../server/validate/code/codeExaminer.js';
import { createInsertionJudge } from '../../server/validate/security/createInsertionJudge.js';
import { percentiles, type Percentiles } from './percentiles.js';
import { spread } from './spread.js';
import { filesOfLength, languageIdOf } from './typing.js';
import { largeWorkspace } from './workspaces.js';

export interface GateFastFigures {
  readonly upTo2000Lines: FastFigures;
  readonly around5000Lines: FastFigures;
}

export interface FastFigures {
  readonly files: number;
  readonly all: Percentiles;
  readonly parse: Percentiles;
  /** All of it for a text that comes later: the key before it has been parsed by then. */
  readonly later: Percentiles;
  readonly secrets: Percentiles;
  readonly dangers: Percentiles;
  /** Lines with a word that a danger has: the whole file is gone through, in a thread. */
  readonly looked: number;
  /** Questions that the thread did not answer within a second. */
  readonly unknown: number;
}

const linesEach = 40;

export async function benchGateFast(): Promise<GateFastFigures> {
  const { folder } = largeWorkspace();
  return {
    upTo2000Lines: await measure(folder, spread(filesOfLength(folder, 300, 2_000), 25)),
    around5000Lines: await measure(folder, spread(filesOfLength(folder, 3_500, 6_500), 10)),
  };
}

async function measure(folder: string, paths: readonly string[]): Promise<FastFigures> {
  const { treeThread, codeThread, wasmFolder, queryFolder } = ownEntries();
  const trees = createTrees({ entry: treeThread, wasmFolder, queryFolder, log: silentLog, deadlineMs: 1_000 });
  const examiner = createCodeExaminer({ entry: codeThread, wasmFolder, queryFolder, log: silentLog });
  const judge = createInsertionJudge({ examiner, folderOf: () => folder, deadlineMs: 1_000 });
  const never = new AbortController().signal;
  const run = {
    all: [] as number[],
    parse: [] as number[],
    later: [] as number[],
    secrets: [] as number[],
    dangers: [] as number[],
    looked: 0,
    unknown: 0,
  };
  try {
    for (const path of paths) {
      const lines = readFileSync(path, 'utf8').split('\n');
      const uri = pathToUri(path);
      let snapshot: DocSnapshot = { uri, path, languageId: languageIdOf(path), version: 1, text: lines.join('\n') };
      trees.open(snapshot);
      // The first document starts the thread.
      while ((await trees.surroundings(uri, 1, 0, never)) === null) await pause(20);
      for (const line of spread(wordyLines(lines), linesEach)) {
        const written = lines[line] ?? '';
        const indent = written.length - written.trimStart().length;
        const start = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + indent;
        // The line is gone; a moment later its first key is typed, and the rest of it is what would be put in.
        const before = snapshot;
        const end = start + written.length - indent;
        const without = snapshot.text.slice(0, start) + snapshot.text.slice(end);
        snapshot = { ...snapshot, version: snapshot.version + 1, text: without };
        trees.change(snapshot, [{ start, end, text: '' }]);
        await trees.surroundings(uri, snapshot.version, 0, never);
        const key = written[indent] ?? '';
        const text = without.slice(0, start) + key + without.slice(start);
        snapshot = { ...snapshot, version: snapshot.version + 1, text };
        trees.change(snapshot, [{ start, end: start, text: key }]);
        const inserted = { start: start + 1, end: start + 1, text: written.slice(indent + 1) };
        const startedMs = performance.now();
        const { verdict } = await trees.check({ uri, version: snapshot.version, ...inserted }, never);
        const parsedMs = performance.now();
        findSecret(written);
        const searchedMs = performance.now();
        await judge(snapshot, inserted, never);
        const judgedMs = performance.now();
        run.parse.push(parsedMs - startedMs);
        run.secrets.push(searchedMs - parsedMs);
        run.dangers.push(judgedMs - searchedMs);
        run.all.push(judgedMs - startedMs);
        await trees.check({ uri, version: snapshot.version, ...inserted }, never);
        // With the search for secrets and dangers, which was not done again.
        run.later.push(performance.now() - parsedMs);
        if (judgedMs - searchedMs > 1) run.looked++;
        if (verdict === 'unknown') run.unknown++;
        snapshot = { ...before, version: snapshot.version + 1 };
        trees.change(snapshot, [{ start: start + 1, end: start + 1, text: inserted.text }]);
      }
      trees.close(uri);
    }
  } finally {
    await Promise.all([trees.dispose(), examiner.dispose()]);
  }
  const { all, parse, later, secrets, dangers, looked, unknown } = run;
  return {
    files: paths.length,
    all: percentiles(all),
    parse: percentiles(parse),
    later: percentiles(later),
    secrets: percentiles(secrets),
    dangers: percentiles(dangers),
    looked,
    unknown,
  };
}

function wordyLines(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line, at) => (line.trim().length > 12 && at > 20 ? [at] : []));
}
