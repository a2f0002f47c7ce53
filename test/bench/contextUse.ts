/**
 * How much of what the next line needs a model gets to see: identifiers of the line that was really written, that stand
 * nowhere in its file, and whether they stand in the passages. No model takes part.
 *
 *   node out/test/bench/contextUse.js [--training] [--languages Python,Go] [--lines 40] [--sets 12] [--budgets 2048,8192]
 *     [--without similar,imports] [--show]
 */
import { execFileSync } from 'node:child_process';

import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { silentLog } from '../../server/base/log.js';
import { pathToUri } from '../../server/base/paths.js';
import { createContext } from '../../server/context/createContext.js';
import type { ContextSource } from '../../server/context/source.js';
import { sources as allSources } from '../../server/context/sources.js';
import type { Passage } from '../../server/model/prompt.js';
import { createCodeIndex } from '../../index/createCodeIndex.js';
import { createMemoryStore } from '../../index/store/memoryStore.js';
import { createWorkerPool, type WorkerPool } from '../../index/workerPool.js';
import { diskWorkspace, lineCases, type LineCase } from './contextCases.js';
import { learntEngines } from './histories/engine.js';
import { loadChainHistory } from './histories/loadHistory.js';
import { evaluationChains, languages, trainingChains, type ChainSource } from './histories/sources.js';
import { benchCache, writeResult } from './workspaces.js';

const { values } = parseArgs({
  options: {
    training: { type: 'boolean', default: false },
    languages: { type: 'string', default: 'Python,TypeScript,Go,Rust,Java' },
    lines: { type: 'string', default: '40' },
    sets: { type: 'string', default: '12' },
    budgets: { type: 'string', default: '1024,2048,4096,8192' },
    without: { type: 'string', default: '' },
    show: { type: 'boolean', default: false },
  },
});

const root = new URL('../../../', import.meta.url);
const entries = {
  indexWorker: new URL('../../index/worker.js', import.meta.url),
  wasmFolder: new URL('grammars/wasm/', root),
  queryFolder: new URL('grammars/queries/', root),
};
const createEngine = learntEngines(new URL('index/recall/weights.json', root));
const never = new AbortController().signal;
const budgets = values.budgets.split(',').map(Number);
const left = new Set(values.without.split(','));
const sources = allSources.filter(({ name }) => !left.has(name));

interface Tally {
  lines: number;
  /** Identifiers of the lines that stand nowhere in their files. */
  newNames: number;
  /** Of those, the ones that another file of the workspace defines. */
  needed: number;
  /** In the passages, by budget. */
  readonly shown: Map<number, number>;
  /** At the largest budget, by source: found by it, and by it alone. */
  readonly bySource: Map<string, { found: number; alone: number; passages: number; units: number }>;
  units: number;
}

const pool = createWorkerPool({ entries, size: 2, log: silentLog });
const wanted = new Set(values.languages.split(','));
const results: Record<string, unknown> = {};
const total = newTally();
for (const source of (values.training ? trainingChains : evaluationChains).filter(({ language }) =>
  wanted.has(language),
)) {
  const tally = await measure(source, pool);
  results[`${source.language}: ${source.name}`] = figuresOf(tally);
  add(total, tally);
  print(`${source.language}: ${source.name}`, tally);
}
print('all', total);
await pool.close();
if (!values.training && values.without === '') {
  writeResult('contextUse', {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}, ${process.platform}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    linesPerChangeSet: Number(values.lines),
    changeSets: Number(values.sets),
    all: figuresOf(total),
    histories: results,
  });
}
process.exit(0);

async function measure(source: ChainSource, shared: WorkerPool): Promise<Tally> {
  const whole = await loadChainHistory(source, benchCache());
  const { id } = languages[source.language];
  // Evenly spread: what changes from version to version differs.
  const every = Math.max(1, Math.floor(whole.changeSets.length / Number(values.sets)));
  const cases = lineCases(whole, { seed: 7, linesPerChangeSet: Number(values.lines), languageId: id });
  const workspace = diskWorkspace(whole);
  const index = createCodeIndex({
    folder: workspace.folder,
    cacheFolder: null,
    store: createMemoryStore(),
    entries,
    pool: shared,
    settings: () => ({ exclude: [], maxFileKb: 1024 }),
    log: silentLog,
    onScanned: () => {},
    onFile: () => {},
    watch: false,
  });
  const recall = createEngine(
    new Map([...whole.base].map(([path, text]) => [workspace.path(`/replayed/${path}`), text])),
  );
  const tally = newTally();
  try {
    await index.start(() => {}, never);
    let pending = new Map<string, string | null>();
    let sets = -1;
    for (const each of cases) {
      for (const [path, text] of each.changed) pending.set(path, text);
      if (each.changed.size > 0) sets++;
      if (sets % every !== 0) continue;
      if (pending.size > 0) {
        const paths = workspace.apply(pending);
        for (const [path, text] of pending) recall.updateFile(workspace.path(path), text);
        for (const path of paths) index.fileChanged(path);
        await index.reconcile();
        await index.settle();
        pending = new Map();
      }
      await ask(each, tally);
    }
  } finally {
    await index.close();
    workspace.dispose();
  }
  return tally;

  async function ask(line: LineCase, into: Tally): Promise<void> {
    const path = workspace.path(line.snapshot.path ?? '');
    const snapshot = { ...line.snapshot, path, uri: pathToUri(path) };
    const names = neededNames(line.line, line.snapshot.text);
    into.lines++;
    into.newNames += names.length;
    const defined = await Promise.all(names.map(name => index.definitions(name, never)));
    const needed = names.filter((_, at) => defined[at]?.some(each => join(workspace.folder, each.path) !== path));
    if (needed.length === 0) return;
    into.needed += needed.length;
    let asked: ReturnType<typeof index.search> | null = null;
    for (const budgetTokens of budgets) {
      const context = contextFor(sources, (query, options) => (asked ??= index.search(query, options, never)));
      context.open(snapshot);
      const { prompt } = await context.gather(
        { snapshot, offset: line.offset, budgetTokens, deadlineMs: 20_000 },
        never,
      );
      const shown = needed.filter(name => prompt.related.some(({ text }) => holds(text, name)));
      into.shown.set(budgetTokens, (into.shown.get(budgetTokens) ?? 0) + shown.length);
      if (budgetTokens === budgets.at(-1)) {
        into.units += prompt.related.reduce((sum, { text }) => sum + text.length, 0);
        countSources(prompt.related, needed, into);
        if (values.show) show(path, line, needed, shown, prompt.related);
      }
      context.dispose();
    }
  }

  function contextFor(chosen: readonly ContextSource[], search: typeof index.search) {
    return createContext({
      folders: () => [workspace.folder],
      index: () => index,
      search,
      recall,
      exclusion: path => index.exclusion(path),
      isTrusted: () => false,
      log: { ...silentLog, warn: (message, error) => console.error(message, error) },
      now: () => performance.now(),
      env: process.env,
      sources: chosen,
    });
  }
}

function countSources(related: readonly Passage[], needed: readonly string[], into: Tally): void {
  for (const { source, text } of related) {
    const own = into.bySource.get(source) ?? { found: 0, alone: 0, passages: 0, units: 0 };
    own.passages++;
    own.units += text.length;
    into.bySource.set(source, own);
  }
  for (const name of needed) {
    const finders = new Set(related.filter(({ text }) => holds(text, name)).map(({ source }) => source));
    for (const finder of finders) {
      const own = into.bySource.get(finder);
      if (own === undefined) continue;
      own.found++;
      if (finders.size === 1) own.alone++;
    }
  }
}

function show(
  path: string,
  { line }: LineCase,
  needed: readonly string[],
  shown: readonly string[],
  related: readonly Passage[],
): void {
  const missed = needed.filter(name => !shown.includes(name));
  console.log(`\n${path.split('/').slice(3).join('/')}: ${line}`);
  console.log(`  needed ${needed.join(' ')} | shown ${shown.join(' ') || '–'} | missed ${missed.join(' ') || '–'}`);
  console.log(
    `  ${related.map(({ source, label, text }) => `${source}:${label.split('/').at(-1)}(${text.length})`).join(' ')}`,
  );
}

/** Identifiers of a line, without those of its strings, that its file does not have. */
function neededNames(line: string, text: string): readonly string[] {
  const code = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|(?:\/\/|(?<!\S)#(?!\[)|^\*|^\/\*).*$/g, '');
  const known = new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []);
  return [...new Set(code.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? [])].filter(
    name => name.length >= 3 && !known.has(name),
  );
}

function holds(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/[\w$]/.test(text[at - 1] ?? ' ') && !/[\w$]/.test(text[at + name.length] ?? ' ')) return true;
  }
  return false;
}

function newTally(): Tally {
  return { lines: 0, newNames: 0, needed: 0, shown: new Map(), bySource: new Map(), units: 0 };
}

function add(into: Tally, other: Tally): void {
  into.lines += other.lines;
  into.needed += other.needed;
  into.newNames += other.newNames;
  into.units += other.units;
  for (const [budget, count] of other.shown) into.shown.set(budget, (into.shown.get(budget) ?? 0) + count);
  for (const [name, { found, alone, passages, units }] of other.bySource) {
    const own = into.bySource.get(name) ?? { found: 0, alone: 0, passages: 0, units: 0 };
    into.bySource.set(name, {
      found: own.found + found,
      alone: own.alone + alone,
      passages: own.passages + passages,
      units: own.units + units,
    });
  }
}

function figuresOf({ lines, newNames, needed, shown, bySource }: Tally): unknown {
  return {
    lines,
    newNames,
    needed,
    shown: Object.fromEntries([...shown].map(([budget, count]) => [budget, count])),
    share: Object.fromEntries(
      [...shown].map(([budget, count]) => [budget, Number((count / Math.max(1, needed)).toFixed(3))]),
    ),
    bySource: Object.fromEntries(bySource),
  };
}

function print(name: string, tally: Tally): void {
  const { lines, newNames, needed, shown, bySource } = tally;
  const share = (count: number): string => `${((100 * count) / Math.max(1, needed)).toFixed(1)} %`;
  console.log(
    `${name}: ${lines} lines, ${newNames} new names, ${needed} defined elsewhere; ${[...shown].map(([budget, count]) => `${budget}: ${share(count)}`).join(' · ')}`,
  );
  console.log(
    `  ${[...bySource].map(([source, { found, alone, passages, units }]) => `${source} ${found} (${alone} alone, ${passages} passages, ${Math.round((1000 * found * 1000) / Math.max(1, units)) / 1000} per kU)`).join(' · ')}`,
  );
}
