/**
 * The gate on changes that people made: how many it would have refused, and by which validators. Each change is judged in the
 * tree that it was made in, nothing installed, nothing trusted: what a newcomer has who opens a fresh clone.
 *
 *   node out/test/bench/realChanges.js --clones DIR [--repositories owner/name,…] [--changes 100] [--show] [--out FOLDER]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { languageIdOf } from '../../grammars/registry.js';
import { silentLog } from '../../server/base/log.js';
import { lineStartsOf, positionAt } from '../../server/base/position.js';
import { defaultHistoryOptions, readGitHistory, type ChangeSet } from '../../server/cli/try/history.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { ownEntries } from '../../server/createCore.js';
import type { FileChange, Issue } from '../../server/validate/gate.js';
import { openGate } from '../../server/validate/openGate.js';
import { percentiles } from './percentiles.js';

const { values } = parseArgs({
  options: {
    clones: { type: 'string' },
    repositories: { type: 'string', default: '' },
    changes: { type: 'string', default: '100' },
    show: { type: 'boolean', default: false },
    out: { type: 'string', default: join('test', 'bench', 'results') },
  },
});

/** Looked at while the validators were made, or held back until the figures stood. */
const seen = ['encode/httpx', 'vuejs/core', 'gin-gonic/gin', 'apache/commons-lang', 'fastify/fastify'];
const heldBack = [
  'pydantic/pydantic',
  'colinhacks/zod',
  'caddyserver/caddy',
  'clap-rs/clap',
  'google/gson',
  'expressjs/express',
  'psf/requests',
];

/** A file that is left out would be one that everything else uses in vain. */
const wholeTree = { maxFileBytes: 8_000_000, maxTotalBytes: 1_000_000_000 };

const never = new AbortController().signal;
const { clones } = values;
if (clones === undefined) throw new Error('--clones DIR: a folder with clones, each as owner+name or owner/name.');
const wanted = values.repositories === '' ? [...seen, ...heldBack] : values.repositories.split(',');

interface Refusal {
  readonly repository: string;
  readonly change: string;
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

const gate = openGate({
  entries: ownEntries(),
  env: process.env,
  log: silentLog,
  now: () => performance.now(),
  deadlinesMs: { typing: 600_000, edit: 600_000, tests: 600_000 },
});
const repositories: { name: string; heldBack: boolean; changes: number; refused: number }[] = [];
const refusals: Refusal[] = [];
const changesRefusedBy = new Map<string, number>();
const warnings = new Map<string, number>();
const unknown = new Map<string, number>();
const judgedMs = new Map<string, number[]>();

for (const name of wanted) {
  repositories.push(await judgeRepository(name));
  writeResults();
}
await gate.dispose();
report();

async function judgeRepository(name: string): Promise<(typeof repositories)[number]> {
  const options = { ...defaultHistoryOptions, ...wholeTree, maxChangeSets: Number(values.changes), timeoutMs: 600_000 };
  const { base, changeSets } = await readGitHistory(cloneOf(name), options, never);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-changes-')));
  const result = { name, heldBack: heldBack.includes(name), changes: 0, refused: 0 };
  try {
    for (const [path, text] of base) put(folder, path, text);
    for (const changeSet of changeSets) {
      for (const { path, text } of changeSet.drift) put(folder, path, text);
      const refused = await judgeChange(name, folder, changeSet);
      result.changes++;
      if (refused) result.refused++;
      for (const { path, newText } of changeSet.files) put(folder, path, newText);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.error(`${name}: ${result.refused} of ${result.changes} refused`);
  return result;
}

async function judgeChange(repository: string, folder: string, { id, files }: ChangeSet): Promise<boolean> {
  const change = files.map(({ path, oldText, newText }): FileChange => {
    const absolute = join(folder, path);
    const languageId = languageIdOf(absolute, newText ?? oldText ?? '');
    return { path: absolute, languageId, before: oldText, after: newText };
  });
  const workplace = { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
  const { issues, checks } = await gate.judge(change, workplace, 'edit', never);
  for (const { id: validator, state, ms } of checks) {
    if (state === 'unknown') unknown.set(validator, (unknown.get(validator) ?? 0) + 1);
    if (state !== 'skipped') judgedMs.set(validator, [...(judgedMs.get(validator) ?? []), ms]);
  }
  const refused = issues.filter(({ consequence }) => consequence === 'refuse');
  for (const rule of new Set(issues.filter(issue => !refused.includes(issue)).map(({ rule }) => rule)))
    warnings.set(rule, (warnings.get(rule) ?? 0) + 1);
  for (const rule of new Set(refused.map(({ rule }) => rule)))
    changesRefusedBy.set(rule, (changesRefusedBy.get(rule) ?? 0) + 1);
  for (const issue of refused) {
    const refusal = refusalOf(issue, repository, folder, id, change);
    refusals.push(refusal);
    if (values.show)
      console.log(`${repository} ${id.slice(0, 10)} ${refusal.path}:${refusal.line} ${issue.rule}: ${issue.message}`);
  }
  return refused.length > 0;
}

function refusalOf(
  { rule, path, start, message }: Issue,
  repository: string,
  folder: string,
  change: string,
  files: readonly FileChange[],
): Refusal {
  const text = files.find(file => file.path === path)?.after ?? '';
  const line = positionAt(lineStartsOf(text), start).line + 1;
  return { repository, change, rule, path: path.slice(folder.length + 1), line, message };
}

function put(folder: string, path: string, text: string | null): void {
  const absolute = join(folder, path);
  if (text === null) return rmSync(absolute, { force: true, recursive: true });
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
}

function cloneOf(name: string): string {
  const folder = join(clones ?? '', name.replace('/', '+'));
  return [folder, join(folder, 'repo'), join(clones ?? '', name)].find(path => isRepository(path)) ?? folder;
}

function isRepository(path: string): boolean {
  return existsSync(join(path, 'HEAD')) || existsSync(join(path, '.git'));
}

/** After each repository: whoever stops it has what there is. */
function writeResults() {
  const sum = (own: readonly (typeof repositories)[number][]) => {
    const changes = own.reduce((count, each) => count + each.changes, 0);
    const refused = own.reduce((count, each) => count + each.refused, 0);
    return { changes, refused, percent: Number(((100 * refused) / Math.max(1, changes)).toFixed(2)) };
  };
  const results = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    all: sum(repositories),
    heldBack: sum(repositories.filter(each => each.heldBack)),
    repositories,
    changesRefusedBy: Object.fromEntries(changesRefusedBy),
    changesWarnedBy: Object.fromEntries(warnings),
    changesUnknownTo: Object.fromEntries(unknown),
    ms: Object.fromEntries([...judgedMs].map(([id, ms]) => [id, percentiles(ms)])),
    refusals,
  };
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, 'realChanges.json'), `${JSON.stringify(results, null, 1)}\n`);
  return results;
}

function report(): void {
  const { all, heldBack: held } = writeResults();
  console.log(
    `${all.refused} of ${all.changes} changes refused (${all.percent} %); held back: ${held.refused} of ${held.changes} (${held.percent} %)`,
  );
  for (const [rule, count] of changesRefusedBy) console.log(`  ${rule}: ${count}`);
}
