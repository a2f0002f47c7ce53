import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseCursors } from '../../bench/histories/boundaries.js';
import { learntEngines } from '../../bench/histories/engine.js';
import { baseFiles, replay } from '../../bench/histories/replay.js';
import { holdOutRuns } from '../../support/heldOut.js';

/**
 * Packages that the lock pins, whose text was never learnt from, as their authors wrote them: what a compiler made
 * repeats itself far more than people do.
 */
const sources = [
  { folders: ['apache-arrow/src'], endings: ['.ts'], languageId: 'typescript' },
  { folders: ['mocha/lib'], endings: ['.js', '.cjs', '.mjs'], languageId: 'javascript' },
  {
    folders: ['yargs/build', 'c8/lib', 'istanbul-reports/lib', 'istanbul-lib-report/lib'],
    endings: ['.js', '.cjs', '.mjs'],
    languageId: 'javascript',
  },
];

interface Case {
  readonly confidence: number;
  readonly isRight: boolean;
}

describe('the confidence of recall', function () {
  this.timeout(180_000);

  it('is what it says, within 7 points in each tenth, on code that was not learnt from', () => {
    const cases = sources.flatMap(askEverywhere);
    const deciles: string[] = [];
    const misses: string[] = [];
    for (let decile = 0; decile < 10; decile++) {
      const found = cases.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === decile);
      if (found.length < 100) continue;
      const said = (100 * found.reduce((sum, { confidence }) => sum + confidence, 0)) / found.length;
      const right = (100 * found.filter(({ isRight }) => isRight).length) / found.length;
      const line = `said ${said.toFixed(1)} %, right ${right.toFixed(1)} % of ${found.length}`;
      deciles.push(line);
      if (Math.abs(said - right) > 7) misses.push(line);
    }
    assert.deepEqual(misses, [], deciles.join('\n'));
    assert.ok(cases.length > 5000, `only ${cases.length} cases`);
  });
});

/** One case for each leading part of each suggestion, as each of them is what some threshold would have shown. */
function askEverywhere({ folders, endings, languageId }: (typeof sources)[number]): Case[] {
  const history = holdOutRuns(readFiles(folders, endings), 3);
  const engine = learntEngines(new URL('../../../../index/recall/weights.json', import.meta.url))(baseFiles(history));
  const cases: Case[] = [];
  const options = { seed: 5, linesPerChangeSet: 8, languageId };
  replay(history, { workspace: [engine], documentOnly: [] }, options, line => {
    for (const { column } of chooseCursors(line.tokens, line.random)) {
      const { snapshot, offset } = line.typeTo(column);
      const answer = engine.suggest(snapshot, offset, { minConfidence: 0.02, minChars: 1, maxLines: 1 });
      if (!('text' in answer)) continue;
      const rest = line.text.slice(column);
      for (const { end, confidence } of answer.steps) {
        cases.push({ confidence, isRight: rest.startsWith(answer.text.slice(offset - answer.start, end)) });
      }
    }
  });
  return cases;
}

function readFiles(folders: readonly string[], endings: readonly string[]): Map<string, string> {
  const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url));
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(modules, folder), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !endings.includes(extname(entry.name)) || entry.name.endsWith('.d.ts')) continue;
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
      if (text.length < 100_000) files.set(path.slice(modules.length + 1), text);
    }
  }
  return files;
}
