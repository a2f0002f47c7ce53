/**
 * How good recall is at what people really typed, by replaying histories with everything hidden that was still to come.
 * usage: node out/test/bench/quality.js [--clones DIR] [--lines N] [--weights FILE] [--only LANGUAGE] [--out FOLDER]
 * Without --clones, versions of packages from the registries are replayed; with it, the git repositories in sources.ts.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, platform } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultSettings } from '../../server/config/resolve.js';
import type { History } from '../../server/cli/try/history.js';
import { testCache } from '../support/registry/fetchPackage.js';
import { learntEngines } from './histories/engine.js';
import { loadChainHistory, loadGitHistory } from './histories/loadHistory.js';
import { measureQuality, type LanguageQuality } from './histories/measureQuality.js';
import { meanQuality, qualityTable, type QualityResults } from './histories/qualityTable.js';
import { evaluationChains, evaluationRepositories, type LanguageName } from './histories/sources.js';

const { values } = parseArgs({
  options: {
    clones: { type: 'string' },
    lines: { type: 'string', default: '700' },
    typed: { type: 'string', default: '300' },
    weights: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string', default: join('test', 'bench', 'results') },
    sweep: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

const defaults = defaultSettings().inline;

await benchQuality();

async function benchQuality(): Promise<void> {
  const weights = values.weights ?? new URL('../../../index/recall/weights.json', import.meta.url);
  const thresholds = values.sweep ? [0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9] : [];
  const swept = thresholds.flatMap(minConfidence =>
    [3, 4, 5, 6, 7, 8, 10].map(minChars => ({ minConfidence, minChars })),
  );
  const policies = [{ minConfidence: defaults.minConfidence, minChars: defaults.minChars }, ...swept];
  const byLanguage: Partial<Record<LanguageName, LanguageQuality>> = {};
  for (const [language, loads] of listHistories()) {
    if (values.only !== undefined && values.only !== language) continue;
    const histories: History[] = [];
    for (const load of loads) histories.push(await load());
    byLanguage[language] = measureQuality(histories, language, {
      createEngine: learntEngines(weights),
      policies,
      maxLines: defaults.maxLines,
      lines: Number(values.lines),
      typedLines: Number(values.typed),
    });
    const { engine, lineVote, typing } = byLanguage[language];
    console.error(`${language}: ${engine.cursors} cursors, exact ${engine.exact}, vote ${lineVote.exact}`, typing[0]);
  }
  const results: QualityResults = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, ${platform()}, Node ${process.version}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    sources: values.clones === undefined ? 'versions of packages' : 'git repositories',
    policies,
    languages: byLanguage,
    mean: meanQuality(Object.values(byLanguage)),
  };
  mkdirSync(values.out, { recursive: true });
  const name = values.clones === undefined ? 'quality' : 'qualityGit';
  writeFileSync(join(values.out, `${name}.json`), `${JSON.stringify(results, null, 1)}\n`);
  const table = qualityTable(results);
  writeFileSync(join(values.out, `${name}.md`), table);
  console.log(table);
}

function listHistories(): ReadonlyMap<LanguageName, (() => Promise<History>)[]> {
  const { clones } = values;
  const found = new Map<LanguageName, (() => Promise<History>)[]>();
  const add = (language: LanguageName, load: () => Promise<History>): void => {
    found.set(language, [...(found.get(language) ?? []), load]);
  };
  if (clones === undefined) {
    for (const source of evaluationChains) add(source.language, () => loadChainHistory(source, testCache()));
  } else {
    for (const source of evaluationRepositories) add(source.language, () => loadGitHistory(source, clones));
  }
  return found;
}
