/**
 * How long the compiler takes to judge an edit, warm, in a project of 2,000 files, and what memory its process holds.
 * usage: node out/test/bench/typesGate.js [EDITS] [--write]
 * An edit changes a line and adds a function with a bad member, an unknown name and an unknown package, each time others.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../server/base/log.js';
import { ownEntries } from '../../server/createCore.js';
import { createGate } from '../../server/validate/createGate.js';
import type { FileChange } from '../../server/validate/gate.js';
import { createUsers } from '../../server/validate/users/createUsers.js';
import { createTypescriptValidator } from '../../server/validate/typescript/createTypescriptValidator.js';
import { workplaceAt } from '../server/validate/typescript/workplace.js';
import { percentiles, type Percentiles } from './percentiles.js';
import { writeResult } from './workspaces.js';

interface Figures {
  readonly kilobytes: number;
  readonly coldMs: number;
  /** A state that was not judged before. */
  readonly warmMs: Percentiles;
  /** The same with an import that the file did not have before. */
  readonly importMs: Percentiles;
  /** A state that was judged a moment ago, as the one before an edit mostly is. */
  readonly againMs: Percentiles;
  readonly cpuMs: Percentiles;
  readonly residentMb: number;
}

const moduleCount = 2_000;
const edits = Number(process.argv[2] ?? 30);
const idleMs = 1_000;
const sizes = [4_000, 25_000, 176_000];
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-types-gate-')));
try {
  makeProject();
  const files: Figures[] = [];
  for (const size of sizes) files.push(await measure(size));
  const result = {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    modules: moduleCount,
    edits,
    files,
    users: await measureUsers(),
    idle: await measureIdle(),
  };
  console.log(JSON.stringify(result, null, 1));
  if (process.argv.includes('--write')) writeResult('typesGate', result);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(size: number): Promise<Figures> {
  const validator = createTypescriptValidator({ entries: ownEntries(), log: silentLog, deadlineMs: 120_000 });
  const { signal } = new AbortController();
  const path = join(folder, `src/edited${size}.ts`);
  const text = readFileSync(path, 'utf8');
  const judge = async (changed: string, expected: number): Promise<number> => {
    const before = performance.now();
    const { findings, unknown } = await validator.examine(
      [{ path, languageId: 'typescript', text: changed }],
      workplaceAt(folder),
      signal,
    );
    if (findings.length !== expected || unknown !== null)
      throw new Error(`not as planted: ${JSON.stringify({ findings, unknown })}`);
    return performance.now() - before;
  };
  try {
    const coldMs = await judge(text, 0);
    const warm: number[] = [];
    const again: number[] = [];
    const imports: number[] = [];
    const cpu: number[] = [];
    for (let edit = 0; edit < edits; edit += 1) {
      const bad = `${text}\nexport function added${edit}(shape: Shape0) {\n  return [shape.lost${edit}, nowhere${edit}()];\n}\n`;
      const cpuBefore = cpuMsOf(validator.pid());
      warm.push(await judge(bad, 2));
      cpu.push(cpuMsOf(validator.pid()) - cpuBefore);
      again.push(await judge(bad, 2));
      imports.push(
        await judge(
          `import made from 'made-up-${edit}';\nimport { total${edit} as imported } from './module${edit}.js';\n${text}\nvoid [made, imported];\n`,
          1,
        ),
      );
    }
    return {
      kilobytes: Math.round(text.length / 1000),
      coldMs: Math.round(coldMs),
      warmMs: percentiles(warm),
      importMs: percentiles(imports),
      againMs: percentiles(again),
      cpuMs: percentiles(cpu),
      residentMb: residentMb(validator.pid()),
    };
  } finally {
    await validator.dispose();
  }
}

/**
 * What looking for users of what a change takes away costs on top of all else: where a body has changed, which nobody else can see,
 * and where an export gets another name; and the gate's whole judgement of the latter, with those who use it.
 */
async function measureUsers() {
  const { signal } = new AbortController();
  const users = createUsers({ entries: ownEntries(), log: silentLog });
  const validators = [createTypescriptValidator({ entries: ownEntries(), log: silentLog, deadlineMs: 120_000 })];
  const gate = createGate({ validators, users, log: silentLog, now: () => performance.now() });
  const changeOf = (path: string, before: string, after: string): readonly FileChange[] => [
    { path: join(folder, path), languageId: 'typescript', before, after },
  ];
  try {
    const bodies: Record<string, Percentiles> = {};
    for (const size of sizes) {
      const path = `src/edited${size}.ts`;
      const text = readFileSync(join(folder, path), 'utf8');
      const spent: number[] = [];
      for (let edit = 0; edit < edits; edit += 1) {
        const after = text.replace('const result: Record<string, number> = {};', `$& // ${edit}`);
        const before = performance.now();
        const found = await users.of(changeOf(path, text, after), workplaceAt(folder), signal);
        spent.push(performance.now() - before);
        if (found !== null) throw new Error('a body is seen by nobody else');
      }
      bodies[`${Math.round(size / 1000)} kB`] = percentiles(spent.slice(1));
    }
    const search: number[] = [];
    const judgement: number[] = [];
    for (let edit = 0; edit < edits; edit += 1) {
      const path = `src/module${100 + edit}.ts`;
      const text = readFileSync(join(folder, path), 'utf8');
      const change = changeOf(path, text, text.replaceAll(`total${100 + edit}(`, `sum${100 + edit}(`));
      const before = performance.now();
      const found = await users.of(change, workplaceAt(folder), signal);
      search.push(performance.now() - before);
      const { issues } = await gate.judge(change, workplaceAt(folder), 'edit', signal);
      judgement.push(performance.now() - before - (search.at(-1) ?? 0));
      if (found === null || found.files.length < 3 || issues.length < 3) throw new Error('users were not found');
    }
    return { bodyMs: bodies, searchMs: percentiles(search), judgementMs: percentiles(judgement.slice(1)) };
  } finally {
    await gate.dispose();
  }
}

/** What is held right after an answer, and when nobody has asked for a while. */
async function measureIdle() {
  const validator = createTypescriptValidator({ entries: ownEntries(), log: silentLog, idleMs, deadlineMs: 120_000 });
  try {
    const path = join(folder, `src/edited${sizes[1]}.ts`);
    const file = { path, languageId: 'typescript', text: readFileSync(path, 'utf8') };
    const beforeMb = residentMb(validator.pid());
    await validator.examine([file], workplaceAt(folder), new AbortController().signal);
    const afterAnswerMb = residentMb(validator.pid());
    await pause(idleMs + 500);
    return { idleMs, beforeMb, afterAnswerMb, afterIdleMb: residentMb(validator.pid()) };
  } finally {
    await validator.dispose();
  }
}

/** Layers of modules that import one another, as projects are: each uses a few of those below it. */
function makeProject(): void {
  const node = dirname(fileURLToPath(new URL('../../../node_modules/@types/node/package.json', import.meta.url)));
  write(
    'package.json',
    JSON.stringify({
      name: 'generated',
      type: 'module',
      devDependencies: { '@types/node': '*', typescript: '^6.0.0' },
    }),
  );
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: { strict: true, module: 'nodenext', target: 'es2023', types: ['node'] },
      include: ['src'],
    }),
  );
  for (const [name, from] of [
    ['@types/node', node],
    ['undici-types', join(node, '../../undici-types')],
  ] as const)
    copyDeclarations(from, `node_modules/${name}`);
  for (let index = 0; index < moduleCount; index += 1) write(`src/module${index}.ts`, moduleText(index));
  for (const size of sizes) write(`src/edited${size}.ts`, editedText(size));
}

function copyDeclarations(from: string, to: string): void {
  for (const path of listed(from)) write(join(to, path), readFileSync(join(from, path), 'utf8'));
}

function moduleText(index: number): string {
  const below = [1, 7, 50].map(step => index - step).filter(other => other >= 0);
  const imports = below.map(other => `import { total${other}, type Shape${other} } from './module${other}.js';`);
  const methods = Array.from({ length: 8 }, (_, at) => methodText(index, at)).join('\n');
  const uses = below
    .map(other => ` + total${other}({ name: String(first), parts: [], sizes: new Map() } satisfies Shape${other})`)
    .join('');
  return [
    ...imports,
    `export interface Shape${index} { readonly name: string; readonly parts: readonly string[]; readonly sizes: ReadonlyMap<string, number> }`,
    `export function total${index}(shape: Shape${index}): number {`,
    `  const first = shape.parts.length;`,
    `  return first + [...shape.sizes.values()].reduce((sum, size) => sum + size, 0)${uses};`,
    '}',
    `export class Store${index} {`,
    `  readonly #known = new Map<string, Shape${index}>();`,
    methods,
    '}',
    '',
  ].join('\n');
}

function methodText(index: number, at: number): string {
  return [
    `  find${at}(name: string, limit = ${at + 1}): readonly Shape${index}[] {`,
    `    const found = [...this.#known.values()].filter(shape => shape.name.startsWith(name) && shape.parts.length > ${at});`,
    `    for (const shape of found.slice(0, limit)) this.#known.set(\`\${shape.name}${at}\`, { ...shape, parts: shape.parts.map(part => part.trim()) });`,
    `    return found.toSorted((left, right) => left.name.localeCompare(right.name)).slice(0, limit);`,
    '  }',
  ].join('\n');
}

/** A file as long as asked, that imports across the project and Node's modules. */
function editedText(size: number): string {
  const used = Array.from({ length: Math.min(40, Math.ceil(size / 2000)) }, (_, at) => 1 + at * 49);
  const lines = [
    `import { readFile } from 'node:fs/promises';`,
    `import { join } from 'node:path';`,
    `import { Store0, type Shape0 } from './module0.js';`,
    ...used.map(index => `import { Store${index}, total${index} } from './module${index}.js';`),
    `const store0 = new Store0();`,
    ...used.map(index => `const store${index} = new Store${index}();`),
  ];
  for (let at = 0, units = lines.join('\n').length; units < size; at += 1) {
    const index = used[at % used.length] ?? 1;
    const text = [
      `export async function step${at}(folder: string, names: readonly string[]): Promise<Record<string, number>> {`,
      `  const result: Record<string, number> = {};`,
      `  for (const name of names) {`,
      `    const text = await readFile(join(folder, name), 'utf8');`,
      `    const shapes = store${index}.find${at % 8}(text.slice(0, ${at + 1})).filter(({ parts }) => parts.includes(name));`,
      `    result[name] = shapes.map(shape => total${index}(shape)).reduce((sum, value) => sum + value, store0.find0(name).length);`,
      `  }`,
      `  return Object.fromEntries(Object.entries(result).filter(([, value]) => value > ${at}));`,
      `}`,
    ].join('\n');
    lines.push(text);
    units += text.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function listed(from: string): readonly string[] {
  return readdirSync(from, { recursive: true, encoding: 'utf8' }).filter(path => /\.d\.ts$|package\.json$/.test(path));
}

function residentMb(pid: number | null): number {
  if (pid === null) return 0;
  return Math.round((Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6);
}

/** User and system time of all its threads, in clock ticks of 10 ms (proc(5)). */
function cpuMsOf(pid: number | null): number {
  if (pid === null) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function machine(): string {
  return `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, ${process.platform}, Node ${process.version}`;
}
