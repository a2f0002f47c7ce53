/**
 * Seeded messages against the shipped server over stdio: open, change, complete, cancel, configure, close, and a tenth of
 * them malformed. Counts what was never answered, answered twice, crashes, and the slope of the process tree's memory.
 *
 *   node out/test/fuzz/messages.js [--messages 100000] [--seed 1] [--per-second 0] [--json FILE]
 *
 * Ends with `N passed, N failed`, one count per claim.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { slopePerMinute, treeMemory } from '../support/processTree.js';
import { createRandom, type Random } from './random.js';
import { createReader, frame, type Answer } from './wire.js';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    'per-second': { type: 'string', default: '0' },
    json: { type: 'string' },
  },
});
const total = Number(values.messages);
const perSecond = Number(values['per-second']);
const random = createRandom(Number(values.seed));
const root = mkdtempSync(join(tmpdir(), 'understudy-fuzz-'));
const workspace = join(root, 'workspace');
writeWorkspace(workspace);

const server = spawn(
  process.execPath,
  [fileURLToPath(new URL('../../../dist/understudy.cjs', import.meta.url)), '--stdio'],
  {
    cwd: workspace,
    env: { ...process.env, XDG_CACHE_HOME: join(root, 'cache'), XDG_CONFIG_HOME: join(root, 'config') },
    stdio: ['pipe', 'pipe', 'pipe'],
  },
);
let exit: string | null = null;
let errorOutput = '';
server.on('exit', (code, signal) => (exit = `${code ?? signal}`));
server.stderr.on('data', (bytes: Buffer) => (errorOutput = (errorOutput + bytes.toString()).slice(-4000)));

interface Sent {
  readonly method: string;
  answers: number;
  readonly at: number;
}
const sent = new Map<number, Sent>();
const answered = { twice: 0, unknown: 0 };
let open = 0;
let slowestMs = 0;
const latencies: number[] = [];
let wake: (() => void) | null = null;
server.stdout.on('data', createReader(onMessage));

function onMessage(message: Answer): void {
  if (message.method !== undefined) {
    // Requests of the server (configuration, progress, registration) get an answer, as any editor would give.
    if (message.id !== undefined) {
      const result = message.method === 'workspace/configuration' ? [null] : null;
      server.stdin.write(frame(JSON.stringify({ jsonrpc: '2.0', id: message.id, result })));
    }
    return;
  }
  if (typeof message.id !== 'number') return;
  const request = sent.get(message.id);
  if (request === undefined) {
    answered.unknown += 1;
    return;
  }
  request.answers += 1;
  if (request.answers > 1) answered.twice += 1;
  else {
    open -= 1;
    const ms = performance.now() - request.at;
    slowestMs = Math.max(slowestMs, ms);
    if (request.method === 'textDocument/inlineCompletion') latencies.push(ms);
  }
  wake?.();
}

let nextId = 0;
function request(method: string, params: unknown): number {
  nextId += 1;
  sent.set(nextId, { method, answers: 0, at: performance.now() });
  open += 1;
  server.stdin.write(frame(JSON.stringify({ jsonrpc: '2.0', id: nextId, method, params })));
  return nextId;
}
function notify(method: string, params: unknown): void {
  server.stdin.write(frame(JSON.stringify({ jsonrpc: '2.0', method, params })));
}

await main();

async function main(): Promise<void> {
  const started = performance.now();
  request('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(workspace).href,
    workspaceFolders: [{ uri: pathToFileURL(workspace).href, name: 'fuzz' }],
    capabilities: {
      workspace: { workspaceFolders: true, configuration: true },
      textDocument: { inlineCompletion: {}, synchronization: {} },
    },
  });
  await settled(20_000);
  notify('initialized', {});
  const editor = createEditor(random, workspace);
  const memory: { readonly minutes: number; readonly megabytes: number }[] = [];
  const counts = { malformed: 0, cancelled: 0, requests: 0 };
  let lastSampleMs = 0;
  for (let index = 0; index < total && exit === null; index += 1) {
    if (random.chance(0.1)) {
      counts.malformed += 1;
      sendMalformed(random, editor);
    } else {
      const step = editor.step();
      if (step.kind === 'notification') notify(step.method, step.params);
      else {
        const id = request(step.method, step.params);
        counts.requests += 1;
        if (random.chance(0.3)) {
          counts.cancelled += 1;
          notify('$/cancelRequest', { id });
        }
      }
    }
    if (open > 40 || index % 200 === 199) await settled(60_000);
    if (perSecond > 0) await pace(started, index, perSecond);
    if (performance.now() - lastSampleMs > 2_000 && server.pid !== undefined) {
      lastSampleMs = performance.now();
      memory.push({ minutes: (lastSampleMs - started) / 60_000, megabytes: treeMemory(server.pid) });
    }
  }
  await settled(60_000);
  const crashed = exit;
  if (crashed === null) {
    request('shutdown', null);
    await settled(10_000);
    notify('exit', null);
    await until(() => exit !== null, 5_000);
  }
  const unanswered = [...sent.values()].filter(one => one.answers === 0);
  const half = memory.slice(Math.floor(memory.length / 2));
  latencies.sort((a, b) => a - b);
  const report = {
    messages: total,
    seed: Number(values.seed),
    ...counts,
    unanswered: unanswered.length,
    unansweredMethods: [...new Set(unanswered.map(one => one.method))],
    answeredTwice: answered.twice,
    answeredUnknown: answered.unknown,
    crashed: crashed === null ? 0 : 1,
    exitCode: exit,
    slowestMs: Math.round(slowestMs),
    inlineMs: { p50: at(latencies, 0.5), p95: at(latencies, 0.95), p99: at(latencies, 0.99) },
    minutes: Number(((performance.now() - started) / 60_000).toFixed(2)),
    memoryMb: { first: memory[0]?.megabytes, last: memory.at(-1)?.megabytes },
    slopeMbPerMinute: Number(slopePerMinute(half).toFixed(2)),
  };
  process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
  if (crashed !== null) process.stdout.write(errorOutput);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 1)}\n`);
  const checks: [string, boolean][] = [
    ['every request answered', report.unanswered === 0],
    ['none answered twice', report.answeredTwice === 0 && report.answeredUnknown === 0],
    ['no crash', report.crashed === 0],
    ['exit code 0 after exit', report.exitCode === '0'],
  ];
  // A slope says something only over minutes: a short run is not judged by it.
  if (report.minutes >= 4) checks.push(['memory slope below 1 MB a minute', report.slopeMbPerMinute < 1]);
  for (const [name, passed] of checks) process.stdout.write(`${passed ? 'ok' : 'FAILED'}: ${name}\n`);
  const failed = checks.filter(([, passed]) => !passed).length;
  process.stdout.write(`\n${checks.length - failed} passed, ${failed} failed\n`);
  server.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
  process.exit(failed === 0 ? 0 : 1);
}

function at(sorted: readonly number[], share: number): number {
  return Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
}

/** Waits until every request so far is answered, or the limit is over: then they count as unanswered at the end. */
async function settled(limitMs: number): Promise<void> {
  await until(() => open === 0 || exit !== null, limitMs);
}

async function until(holds: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds() && performance.now() < end) {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, 20);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = null;
  }
}

async function pace(startedMs: number, index: number, rate: number): Promise<void> {
  const aheadMs = (index / rate) * 1000 - (performance.now() - startedMs);
  if (aheadMs > 5) await new Promise(resolve => setTimeout(resolve, aheadMs));
}

function writeWorkspace(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < 60; index += 1) {
    const name = `module${index}`;
    writeFileSync(join(folder, `${name}.ts`), typeScript(index));
    writeFileSync(join(folder, `${name}.py`), python(index));
  }
}

function typeScript(index: number): string {
  return Array.from(
    { length: 30 },
    (_, line) =>
      `export function computeTotal${line}(items: readonly Item${index}[], rate: number): number {\n` +
      `  let total = 0;\n  for (const item of items) total += item.price * item.count;\n  return total * (1 + rate);\n}\n`,
  ).join('\n');
}

function python(index: number): string {
  return Array.from(
    { length: 30 },
    (_, line) =>
      `def compute_total_${line}(items, rate=${index}):\n    total = 0\n    for item in items:\n` +
      `        total += item.price * item.count\n    return total * (1 + rate)\n`,
  ).join('\n');
}

interface Step {
  readonly kind: 'request' | 'notification';
  readonly method: string;
  readonly params: unknown;
}

interface Editor {
  step(): Step;
  uri(): string;
}

/** Knows which documents are open, so that most messages make sense; texts stay small so that a run measures the server. */
function createEditor(source: Random, folder: string): Editor {
  const documents = new Map<string, { version: number; lines: number }>();
  const uris = Array.from(
    { length: 50 },
    (_, index) => pathToFileURL(join(folder, `module${index}.${index % 2 === 0 ? 'ts' : 'py'}`)).href,
  );
  const uri = (): string => uris[source.below(uris.length)] ?? '';
  const place = (lines: number): { line: number; character: number } => ({
    line: source.chance(0.02) ? 100_000 : source.below(lines),
    character: source.chance(0.02) ? 1_000_000 : source.below(60),
  });
  const pieces = [
    'const total = comp',
    '\n',
    '  return ',
    'for (const item of items) ',
    '(',
    ')',
    '{\n',
    '}\n',
    'item.',
    'é𝒳',
    '\r\n',
    '\ud800',
    '"',
    '`${',
    'def compute_total_',
    '',
    '\t',
  ] as const;
  const piece = (): string => source.pick(pieces);
  const opened = (): string | undefined => [...documents.keys()][source.below(documents.size)];

  const open = (): Step => {
    const name = uri();
    const text = source.chance(0.5) ? typeScript(1) : python(2);
    documents.set(name, { version: 1, lines: 150 });
    const languageId = name.endsWith('.ts') ? 'typescript' : 'python';
    return {
      kind: 'notification',
      method: 'textDocument/didOpen',
      params: { textDocument: { uri: name, languageId, version: 1, text } },
    };
  };
  const change = (name: string, state: { version: number; lines: number }): Step => {
    state.version += 1;
    const changes = Array.from({ length: 1 + source.below(3) }, () => {
      if (source.chance(0.02)) return { text: python(3) };
      const start = place(state.lines);
      const end = source.chance(0.7) ? start : { line: start.line + source.below(3), character: source.below(20) };
      return { range: { start, end }, text: piece() };
    });
    return {
      kind: 'notification',
      method: 'textDocument/didChange',
      params: { textDocument: { uri: name, version: state.version }, contentChanges: changes },
    };
  };
  const step = (): Step => {
    const name = opened();
    const state = name === undefined ? undefined : documents.get(name);
    if (name === undefined || state === undefined || source.chance(0.02)) return open();
    const roll = source.next();
    if (roll < 0.4) return change(name, state);
    if (roll < 0.8) {
      const params = {
        textDocument: { uri: name },
        position: place(state.lines),
        context: { triggerKind: 1 + source.below(2) },
      };
      return { kind: 'request', method: 'textDocument/inlineCompletion', params };
    }
    if (roll < 0.83) {
      documents.delete(name);
      return { kind: 'notification', method: 'textDocument/didClose', params: { textDocument: { uri: name } } };
    }
    if (roll < 0.86) return { kind: 'request', method: 'understudy/status', params: null };
    if (roll < 0.88) return { kind: 'request', method: 'understudy/trace', params: null };
    if (roll < 0.9) {
      const settings = { inline: { minConfidence: source.next(), minChars: source.below(9) } };
      return { kind: 'notification', method: 'workspace/didChangeConfiguration', params: { settings } };
    }
    if (roll < 0.95) {
      const command = source.pick([
        'understudy.status',
        'understudy.accepted',
        'understudy.toggle',
        'understudy.toggle',
      ]);
      const params = { command, arguments: [{ scope: 'file', uri: name }] };
      return { kind: 'request', method: 'workspace/executeCommand', params };
    }
    const textDocument = { uri: name };
    return {
      kind: 'request',
      method: 'textDocument/completion',
      params: { textDocument, position: place(state.lines) },
    };
  };
  return { step, uri };
}

/** What no editor should send. A request among them must still be answered; the rest must be survived. */
function sendMalformed(source: Random, editor: Editor): void {
  const uri = editor.uri();
  switch (source.below(10)) {
    case 0:
      server.stdin.write(frame('{"jsonrpc":"2.0","method":"textDocument/didChange","params":{'));
      return;
    case 1:
      server.stdin.write(frame('[]'));
      return;
    case 2:
      request('textDocument/inlineCompletion', { textDocument: { uri } });
      return;
    case 3:
      request('textDocument/inlineCompletion', null);
      return;
    case 4:
      request('textDocument/inlineCompletion', {
        textDocument: {
          uri: source.pick(['', 'x', 'file:///%00', 'git:/a?b', 'file://host/share/a.ts', 'untitled:U-1']),
        },
        position: { line: -1, character: -5 },
        context: { triggerKind: 7 },
      });
      return;
    case 5:
      notify('textDocument/didChange', { textDocument: { uri: 'file:///never/opened.ts', version: null } });
      return;
    case 6:
      request(`no/suchMethod${source.below(5)}`, { any: [1, 2, { deep: '\ud800' }] });
      return;
    case 7:
      notify('textDocument/didOpen', { textDocument: { uri, languageId: 7, version: 'x', text: null } });
      return;
    case 8:
      request('workspace/executeCommand', {
        command: source.pick(['', 'understudy.nothing', 'understudy.snooze']),
        arguments: 'x',
      });
      return;
    default:
      notify('workspace/didChangeConfiguration', {
        settings: { inline: { minConfidence: 'high', languages: 7 }, nonsense: 1 },
      });
  }
}
