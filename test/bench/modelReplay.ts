/**
 * What a small model makes of lines that were really written: (a) with the file alone, (b) with our context, (c) in our
 * whole pipeline, recall beside it. The same model, server and room for the prompt in each.
 *
 *   node out/test/bench/modelReplay.js [--clones DIR] [--lines 30] [--budget 700] [--models smollm2,copy]
 *     [--languages Python,TypeScript,Go,Java] [--training] [--variants] [--show] [--out FOLDER]
 *
 * Without --clones, versions of packages from the registries are replayed; with it, the git repositories of
 * histories/sources.ts. The models are fetched and made by test/models. None of them was trained to fill in: the figures
 * show what context and pipeline do for a model, not how good completions are.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createWorkerPool } from '../../index/workerPool.js';
import { Failure } from '../../server/base/failure.js';
import { silentLog } from '../../server/base/log.js';
import type { History } from '../../server/cli/try/history.js';
import { ownEntries } from '../../server/createCore.js';
import { loadChainHistory, loadGitHistory } from './histories/loadHistory.js';
import {
  evaluationChains,
  evaluationRepositories,
  languages,
  trainingChains,
  trainingRepositories,
  type LanguageName,
} from './histories/sources.js';
import { measureReplay, type ReplayCase } from './modelReplayMeasure.js';
import { openReplayModel, type ReplayModel, type ReplayModelName } from './modelReplayModel.js';
import { replayResults, replayTable } from './modelReplayTable.js';
import { benchCache } from './workspaces.js';

const { values } = parseArgs({
  options: {
    clones: { type: 'string' },
    lines: { type: 'string', default: '30' },
    budget: { type: 'string', default: '700' },
    models: { type: 'string', default: 'smollm2,copy' },
    languages: { type: 'string', default: 'Python,TypeScript,Go,Java' },
    training: { type: 'boolean', default: false },
    variants: { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    out: { type: 'string', default: join('test', 'bench', 'results') },
  },
});
const budgetTokens = Number(values.budget);

await benchModelReplay();

async function benchModelReplay(): Promise<void> {
  const started = performance.now();
  const sources = listSources();
  const names = values.models.split(',').map(modelName);
  const models = await Promise.all(names.map(name => openReplayModel(name, budgetTokens)));
  const pool = createWorkerPool({ entries: ownEntries(), size: 2, log: silentLog });
  const measured = new Map<ReplayModel, (ReplayCase & { readonly language: LanguageName })[]>();
  const left: string[] = [];
  try {
    for (const [at, { language, name, load }] of sources.entries()) {
      const sharing = sources.filter(other => other.language === language).length;
      const history = await load();
      const options = {
        languageId: languages[language].id,
        lines: Math.ceil(Number(values.lines) / sharing),
        budgetTokens,
        variants: values.variants,
      };
      const found = await measureTwice(name, () => measureReplay(history, pool, models, options));
      if (found === undefined) {
        left.push(`${name} (${language})`);
        continue;
      }
      for (const [model, cases] of found) {
        const own = measured.get(model) ?? [];
        // Lines of different histories are different lines.
        own.push(...cases.map(each => ({ ...each, line: at * 10_000 + each.line, language })));
        measured.set(model, own);
        if (values.show) for (const each of cases) show(model, each);
      }
      console.error(`${language}, ${name}: after ${Math.round((performance.now() - started) / 1000)} s`);
    }
  } finally {
    await Promise.allSettled([...models.map(model => model.close()), pool.close()]);
  }
  const results = replayResults(measured, {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    sources: sources.map(({ name, language }) => `${name} (${language})`).filter(name => !left.includes(name)),
    left,
    kind: values.clones === undefined ? 'versions of packages' : 'git repositories',
    budgetTokens,
  });
  const table = replayTable(results);
  mkdirSync(values.out, { recursive: true });
  const file = values.clones === undefined ? 'modelReplay' : 'modelReplayGit';
  writeFileSync(join(values.out, `${file}.json`), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(join(values.out, `${file}.md`), table);
  console.log(table);
}

/** A model's server that was kept from its work for too long gets a second chance; then the history is left out, and said to be. */
async function measureTwice<Found>(name: string, measure: () => Promise<Found>): Promise<Found | undefined> {
  for (const next of ['Once more.', 'It is left out.'])
    try {
      return await measure();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(`${name}: ${error.message} ${next}`);
    }
  return undefined;
}

interface Source {
  readonly name: string;
  readonly language: LanguageName;
  readonly load: () => Promise<History>;
}

function listSources(): readonly Source[] {
  const { clones, training } = values;
  const wanted = new Set(values.languages.split(','));
  const all: Source[] =
    clones === undefined
      ? (training ? trainingChains : evaluationChains).map(source => ({
          ...source,
          load: () => loadChainHistory(source, benchCache()),
        }))
      : (training ? trainingRepositories : evaluationRepositories).map(source => ({
          name: source.repository,
          language: source.language,
          load: () => loadGitHistory(source, clones),
        }));
  return all.filter(({ language }) => wanted.has(language));
}

function modelName(name: string): ReplayModelName {
  if (name === 'smollm2' || name === 'copy' || name === 'none') return name;
  throw new Error(`There is no model called ${name}: smollm2, copy, none.`);
}

function show(model: ReplayModel, { path, kind, typed, rest, said, shown, source, reason }: ReplayCase): void {
  console.log(`\n${model.about.name.split(' ')[0] ?? ''} ${path} ${kind}: ${typed.trimStart()}|${rest}`);
  for (const [step, text] of Object.entries(said)) {
    const units = shown[step] === undefined ? '' : ` (${shown[step].units})`;
    console.log(
      `  ${text?.split('\n', 1)[0]?.trimEnd() === rest ? '+' : ' '} ${step}${units}: ${JSON.stringify(text)}`,
    );
  }
  console.log(`    ${source ?? reason ?? ''}`);
}
