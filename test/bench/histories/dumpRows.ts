/**
 * Writes what the ranker learns from: a feature row for every candidate at every step of lines that were really typed.
 * usage: node out/test/bench/histories/dumpRows.js --out DIR (--clones DIR | --chains) [--lines N (of each source)] [--only ENDING]
 * For each source NAME.rows (float32), NAME.truths (uint8), NAME.groups (int32) and, at the end, sources.json.
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { featureNames } from '../../../index/recall/featureNames.js';
import { traceSteps } from '../../../index/recall/trace.js';
import { holdOutHalves } from '../../support/heldOut.js';
import { testCache } from '../../support/registry/fetchPackage.js';
import { chooseCursors } from './boundaries.js';
import { createUnlearntEngine } from './engine.js';
import { loadChainHistory, loadGitHistory } from './loadHistory.js';
import { baseFiles, replay } from './replay.js';
import { languages, trainingChains, trainingRepositories, type LanguageName } from './sources.js';
import type { History } from '../../../server/cli/try/history.js';

/** Steps taken from a line's start, and from cursors further right: people look up most often while they type a name. */
const stepsFromStart = 40;
const stepsFromWithin = 3;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    clones: { type: 'string' },
    lines: { type: 'string', default: '1400' },
    seed: { type: 'string', default: '11' },
    only: { type: 'string' },
  },
});
async function dumpAll(): Promise<void> {
  if (values.out === undefined) throw new Error('Say where to write with --out DIR.');
  mkdirSync(values.out, { recursive: true });
  const written: { name: string; language: LanguageName; rows: number; steps: number; reached: number }[] = [];
  for (const { name, language, load } of listSources(values.clones)) {
    if (values.only !== undefined && !name.endsWith(values.only)) continue;
    const history = await load();
    const dump = new RowFiles(join(values.out, name.replaceAll('/', '+')));
    const figures = dumpHistory(history, language, dump);
    dump.close();
    written.push({ name, language, rows: dump.rows, ...figures });
    console.log(`${name}: ${dump.rows} rows, ${figures.steps} steps, ${figures.reached} with the truth among them`);
  }
  writeFileSync(join(values.out, 'sources.json'), JSON.stringify({ features: featureNames, sources: written }));
}

interface Source {
  readonly name: string;
  readonly language: LanguageName;
  readonly load: () => Promise<History>;
}

/** Each as it was really written, and once more as code that merely stands there: people write both kinds. */
function listSources(clones: string | undefined): Source[] {
  return listHistories(clones).flatMap(source => [
    source,
    {
      ...source,
      name: `${source.name}#held-out`,
      load: async () => holdOutHalves((await source.load()).base, 7),
    },
  ]);
}

function listHistories(clones: string | undefined): Source[] {
  if (clones === undefined) {
    return trainingChains.map(source => ({
      name: source.name,
      language: source.language,
      load: () => loadChainHistory(source, testCache()),
    }));
  }
  return trainingRepositories.map(source => ({
    name: source.repository,
    language: source.language,
    load: () => loadGitHistory(source, clones),
  }));
}

function dumpHistory(history: History, language: LanguageName, dump: RowFiles): { steps: number; reached: number } {
  const engine = createUnlearntEngine(baseFiles(history));
  const total = { steps: 0, reached: 0 };
  const sampling = {
    seed: Number(values.seed),
    linesPerChangeSet: Math.ceil(Number(values.lines) / history.changeSets.length),
    languageId: languages[language].id,
  };
  replay(history, { workspace: [engine], documentOnly: [] }, sampling, line => {
    for (const { kind, column } of chooseCursors(line.tokens, line.random)) {
      const { snapshot, offset } = line.typeTo(column);
      const most = kind === 'start' ? stepsFromStart : stepsFromWithin;
      const truth = `${line.text.slice(column)}\n`;
      dump.beginCall();
      const { steps, reached } = traceSteps(engine, snapshot, offset, truth, (row, isTruth, group) => {
        if (group < most) dump.add(row, isTruth, group);
      });
      if (kind === 'start') {
        total.steps += steps;
        total.reached += reached;
      }
    }
  });
  return total;
}

class RowFiles {
  rows = 0;
  readonly #rowFile: BufferedFile;
  readonly #truthFile: BufferedFile;
  readonly #groupFile: BufferedFile;
  #groupBase = 0;
  #nextBase = 0;

  constructor(path: string) {
    this.#rowFile = new BufferedFile(`${path}.rows`);
    this.#truthFile = new BufferedFile(`${path}.truths`);
    this.#groupFile = new BufferedFile(`${path}.groups`);
  }

  beginCall(): void {
    this.#groupBase = this.#nextBase;
  }

  add(row: Float32Array, isTruth: boolean, group: number): void {
    this.rows++;
    this.#nextBase = Math.max(this.#nextBase, this.#groupBase + group + 1);
    this.#rowFile.write(new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
    this.#truthFile.write(Uint8Array.of(isTruth ? 1 : 0));
    this.#groupFile.write(new Uint8Array(Int32Array.of(this.#groupBase + group).buffer));
  }

  close(): void {
    for (const file of [this.#rowFile, this.#truthFile, this.#groupFile]) file.close();
  }
}

class BufferedFile {
  readonly #file: number;
  readonly #buffer = new Uint8Array(1 << 20);
  #filled = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(bytes: Uint8Array): void {
    if (this.#filled + bytes.length > this.#buffer.length) this.#flush();
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#buffer, 0, this.#filled);
    this.#filled = 0;
  }
}

await dumpAll();
