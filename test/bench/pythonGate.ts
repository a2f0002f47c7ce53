/**
 * What the gate costs in Python: an edit in a file of some 25 kB, judged before and after by pyright and Ruff, warm; the memory of
 * pyright, and what is left of it when nobody has asked for a while. Needs the projects of the benchmark of invented names.
 * usage: node out/test/bench/pythonGate.js [EDITS] [--write]
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { silentLog } from '../../server/base/log.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { ownEntries } from '../../server/createCore.js';
import { createPyrightValidator } from '../../server/validate/python/createPyrightValidator.js';
import { createRuffValidator } from '../../server/validate/python/createRuffValidator.js';
import type { Validator } from '../../server/validate/validator.js';
import { treeMemory } from '../support/processTree.js';
import { waitFor } from '../support/waitFor.js';
import { pythonRow } from './invented/python.js';
import { percentiles } from './percentiles.js';

const wantedBytes = 25_000;
/** A clock tick of /proc/PID/stat is a hundredth of a second (proc(5), USER_HZ). */
const tickMs = 10;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean' } } });
const edits = Number(positionals[0] ?? 100);
const { signal } = new AbortController();
let pid = 0;
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
const pyright = createPyrightValidator({ env, log: silentLog, idleMs: 3000, onStart: started => (pid = started) });
const ruff = createRuffValidator({ entries: ownEntries(), log: silentLog });

const { folder, path, source } = await chooseFile();
const workplace = { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
const cold = { pyright: await timed(() => judge(pyright, source)), ruff: await timed(() => judge(ruff, source)) };
await edit(0);

const cpuBefore = cpuMsOf(pid);
const wall: number[] = [];
const ofPyright: number[] = [];
const ofRuff: number[] = [];
for (let at = 1; at <= edits; at++) {
  const { both, first, second } = await edit(at);
  wall.push(both);
  ofPyright.push(first);
  ofRuff.push(second);
}
const cpuMs = (cpuMsOf(pid) - cpuBefore) / edits;
const megabytes = Math.round(treeMemory(pid));
await waitFor(() => treeMemory(pid) === 0, 60_000);
await pyright.dispose?.();
await ruff.dispose?.();

const figures = {
  file: basename(path),
  bytes: Buffer.byteLength(source),
  edits,
  coldMs: cold,
  editMs: percentiles(wall),
  // Node compiles what pyright does often only after some edits.
  first20Ms: percentiles(wall.slice(0, 20)),
  afterwardsMs: percentiles(wall.slice(20)),
  pyrightMs: percentiles(ofPyright),
  ruffMs: percentiles(ofRuff),
  pyrightProcessorMsAnEdit: Number(cpuMs.toFixed(1)),
  pyrightMegabytes: megabytes,
  pyrightMegabytesWhenIdle: 0,
};
console.log(JSON.stringify(figures, null, 1));
if (values.write === true) write(figures);

/** An edit as the gate judges it: the state before, the state after, each by both at once. */
async function edit(at: number): Promise<{ readonly both: number; readonly first: number; readonly second: number }> {
  const after = `${source}\n\ndef added_${at}(path):\n    import os\n    return os.path.joinn(path, nobody_${at})\n`;
  let [first, second] = [0, 0];
  const both = await timed(async () => {
    [first, second] = await Promise.all([
      timed(async () => {
        await judge(pyright, source);
        if ((await judge(pyright, after)) < 2) throw new Error('pyright has missed what was invented.');
      }),
      timed(async () => {
        await judge(ruff, source);
        if ((await judge(ruff, after)) < 1) throw new Error('Ruff has missed what was invented.');
      }),
    ]);
  });
  return { both, first, second };
}

async function judge(validator: Validator, text: string): Promise<number> {
  const { findings, unknown } = await validator.examine([{ path, languageId: 'python', text }], workplace, signal);
  if (unknown !== null) throw new Error(unknown.why);
  return findings.length;
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await act();
  return Number((performance.now() - before).toFixed(1));
}

async function chooseFile() {
  const files = (await pythonRow.projects())
    .filter(project => !project.heldBack)
    .flatMap(project =>
      project.files.map(file => ({
        folder: project.folder,
        path: file,
        far: Math.abs(statSync(file).size - wantedBytes),
      })),
    )
    .sort((a, b) => a.far - b.far);
  const [nearest] = files;
  if (nearest === undefined) throw new Error('There is no file to edit.');
  return { ...nearest, source: readFileSync(nearest.path, 'utf8') };
}

/** Of the process and its threads. */
function cpuMsOf(process: number): number {
  const fields = readFileSync(`/proc/${process}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tickMs;
}

function write(measured: object): void {
  const machine = `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, ${process.platform}, Node ${process.version}`;
  const file = fileURLToPath(new URL('../../../test/bench/results/pythonGate.json', import.meta.url));
  const written = { date: new Date().toISOString().slice(0, 10), machine, ...measured };
  writeFileSync(file, `${JSON.stringify(written, null, 1)}\n`);
}
