/**
 * What the sandbox and the formatters cost: `node out/test/bench/sandbox.js`. Writes test/bench/results/sandbox.json and .md.
 * The fastest of several runs counts where a ratio is told, as the machine is shared.
 */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../server/base/log.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { ownEntries } from '../../server/createCore.js';
import { createSandbox } from '../../server/sandbox/createSandbox.js';
import { isRefusal } from '../../server/sandbox/sandbox.js';
import { createFormattingValidator } from '../../server/validate/formatting/createFormattingValidator.js';
import { createRuff } from '../../server/validate/python/ruffClient.js';
import type { SourceFile } from '../../server/validate/validator.js';
import { repositoryRoot } from '../support/repositoryRoot.js';

const { signal } = new AbortController();
const times = 15;

const result = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}, ${process.platform}; load ${Math.round(loadavg()[0] ?? 0)}`,
  sandbox: await measureSandbox(),
  formatting: await measureFormatting(),
  bundledKb: bundledKilobytes(),
};
const results = join(repositoryRoot, 'test', 'bench', 'results');
writeFileSync(join(results, 'sandbox.json'), `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(join(results, 'sandbox.md'), table());
process.stdout.write(table());

async function measureSandbox(): Promise<Readonly<Record<string, number>>> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-bench-')));
  const sandbox = createSandbox({ leaveOut: () => false });
  try {
    await sandbox.probe(signal);
    const plainMs = fastest(times, () => void spawnSync('/bin/true'));
    const opened = await sandbox.open({ folder }, signal);
    if (isRefusal(opened)) throw new Error(opened.why);
    const insideMs = await fastestOf(times, () => opened.run({ argv: ['/bin/true'] }, signal));
    await opened.close();
    const wholeMs = await fastestOf(times, () => sandbox.run({ argv: ['/bin/true'], folder }, signal));
    for (let at = 0; at < 1_000; at++) {
      mkdirSync(join(folder, `d${at % 50}`), { recursive: true });
      writeFileSync(join(folder, `d${at % 50}`, `${at}.txt`), 'x'.repeat(6_000));
    }
    const thousand = await cheapestOf(5, () => sandbox.run({ argv: ['/bin/true'], folder }, signal));
    return { plainMs, insideMs, wholeMs, thousandFilesMs: thousand.ms, thousandFilesCpuMs: thousand.cpuMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureFormatting(): Promise<readonly Readonly<Record<string, number | string>>[]> {
  const entries = ownEntries();
  const ruff = createRuff({ entry: entries.ruffThread, log: silentLog });
  const validator = createFormattingValidator({ entries, ruff, env: process.env, log: silentLog });
  const goroot = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).stdout.trim();
  const sets: readonly (readonly [string, string, readonly SourceFile[]])[] = [
    ['prettier, TypeScript', repositoryRoot, sources(join(repositoryRoot, 'server'), '.ts', 100)],
    ['gofmt', goroot, sources(join(goroot, 'src', 'net'), '.go', 200)],
  ];
  const rows: Readonly<Record<string, number | string>>[] = [];
  for (const [formatter, folder, files] of sets) {
    const workplace = { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
    await validator.examine(files.slice(0, 10), workplace, signal);
    const { ms, cpuMs } = await cheapestOf(3, () => validator.examine(files, workplace, signal));
    const { findings, unknown } = await validator.examine(files, workplace, signal);
    rows.push({
      formatter,
      files: files.length,
      kilobytes: Math.round(files.reduce((sum, { text }) => sum + text.length, 0) / 1000),
      msPerFile: round(ms / files.length),
      cpuMsPerFile: round(cpuMs / files.length),
      notFormatted: findings.length,
      unknown: unknown?.why ?? '',
    });
  }
  await validator.dispose?.();
  await ruff.dispose();
  return rows;
}

function bundledKilobytes(): Readonly<Record<string, number>> {
  const folder = join(repositoryRoot, 'dist', 'server', 'validate', 'formatting');
  return Object.fromEntries(
    readdirSync(folder).map(name => [name, Math.round(statSync(join(folder, name)).size / 1000)]),
  );
}

function sources(folder: string, extension: string, count: number): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(extension))
    .toSorted()
    .slice(0, count)
    .map(name => ({ path: join(folder, name), languageId: '', text: readFileSync(join(folder, name), 'utf8') }));
}

function fastest(count: number, run: () => void): number {
  const all = Array.from({ length: count }, () => {
    const startedMs = performance.now();
    run();
    return performance.now() - startedMs;
  });
  return round(Math.min(...all));
}

async function fastestOf(count: number, run: () => Promise<unknown>): Promise<number> {
  return (await cheapestOf(count, run)).ms;
}

/** The least time on the wall, and the least of this process and its threads on a core. */
async function cheapestOf(
  count: number,
  run: () => Promise<unknown>,
): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  let [ms, cpuMs] = [Infinity, Infinity];
  for (let at = 0; at < count; at++) {
    const [startedMs, before] = [performance.now(), process.cpuUsage()];
    await run();
    const { user, system } = process.cpuUsage(before);
    ms = Math.min(ms, performance.now() - startedMs);
    cpuMs = Math.min(cpuMs, (user + system) / 1000);
  }
  return { ms: round(ms), cpuMs: round(cpuMs) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function table(): string {
  const { sandbox, formatting, bundledKb } = result;
  return [
    `# What the sandbox and the formatters cost, ${result.date}`,
    '',
    `Machine: ${result.machine}. The fastest of several runs; the machine was shared.`,
    '',
    '| | ms |',
    '|---|---|',
    `| /bin/true, started as it is | ${sandbox['plainMs'] ?? ''} |`,
    `| /bin/true in a sandbox that is open | ${sandbox['insideMs'] ?? ''} |`,
    `| the same with the copy of an empty folder, made and deleted | ${sandbox['wholeMs'] ?? ''} |`,
    `| the same with the copy of 1,000 files, 6 MB (${sandbox['thousandFilesCpuMs'] ?? ''} ms of them on a core) | ${sandbox['thousandFilesMs'] ?? ''} |`,
    '',
    '| bundled formatter | files | kB | ms per file, warm | on a core | not as it would have them | not done |',
    '|---|---|---|---|---|---|---|',
    ...formatting.map(row => `| ${Object.values(row).join(' | ')} |`),
    '',
    `Bundled, in kB: ${Object.entries(bundledKb)
      .map(([name, kilobytes]) => `${name} ${kilobytes}`)
      .join(', ')}.`,
    '',
  ].join('\n');
}
