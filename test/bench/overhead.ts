/**
 * What comes on top of a model's own time when somebody waits for a completion with the hands at rest: over stdio and HTTP,
 * with a scripted model of a fixed delay, in real files of a workspace of 10,000. The model's own time is what its server
 * saw: from the request to the last text. The rest is ours, before and behind.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isRecord } from '../../server/base/record.js';
import { startModelServer, type ModelServer } from '../support/modelServer.js';
import { spawnServer, type SpawnedServer } from '../support/spawnServer.js';
import { benchInside, type OverheadInside, type PlacesOfFile } from './overheadInside.js';
import { percentiles, type Percentiles } from './percentiles.js';
import { spread } from './spread.js';
import { filesOfLength, languageIdOf } from './typing.js';
import { largeWorkspace } from './workspaces.js';

export interface OverheadFigures {
  readonly files: number;
  readonly modelMs: number;
  /** A cursor in a line where nothing was asked before, and one more key there. */
  readonly newPlace: OverheadParts;
  readonly nextKey: OverheadParts;
  readonly all: Percentiles;
  /** Requests that no model was asked for, or that came without a suggestion: not counted above. */
  readonly notAsked: number;
  readonly withoutSuggestion: number;
  /** By step of the pipeline, as the trace has them; `model` without the model's own time. */
  readonly steps: Readonly<Record<string, Percentiles>>;
  readonly inside: OverheadInside;
}

export interface OverheadParts {
  readonly all: Percentiles;
  /** From the editor's request to the one at the model's server, and from its last text to the editor's answer. */
  readonly before: Percentiles;
  readonly behind: Percentiles;
}

const modelMs = 100;
const documents = 40;
const placesEach = 4;
/** Longer than any pause within typing. */
const restMs = 700;

export async function benchOverhead(): Promise<OverheadFigures> {
  const { folder, files: count } = largeWorkspace();
  let answer = '';
  let lastTextAt = 0;
  const model = await startModelServer('llamacpp', {
    firstDelayMs: modelMs,
    chunkChars: 1000,
    answer: () => answer,
    beforeChunk: () => void (lastTextAt = performance.now()),
  });
  const settings = {
    backends: { scripted: { kind: 'llamacpp', url: model.url } },
    tasks: { inline: ['scripted'], discover: false },
    // So that what is late is seen, and not cut off.
    inline: { waitMs: 5000 },
  };
  const home = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  const files = spread(filesOfLength(folder, 120, 2_000), documents + warmUps).map(placesIn);
  const run = newRun();
  try {
    await askServer();
    // The index is there by now.
    return figuresOf(run, count, await benchInside(folder, home, settings, model, files.slice(warmUps)));
  } finally {
    await model.close();
    rmSync(home, { recursive: true, force: true });
  }

  async function askServer(): Promise<void> {
    const server = await spawnServer({ folders: [folder], home, settings });
    try {
      await server.ready();
      await modelReady(server);
      const ask: Ask = async (params, expected) => {
        answer = `${expected}\n`;
        const asked = model.asked.length;
        const startedAt = performance.now();
        const answered = await server.rpc.request('textDocument/inlineCompletion', params);
        const endedAt = performance.now();
        const request = model.asked[asked];
        if (request === undefined) return 'not-asked';
        if (!hasItem(answered)) return 'without';
        const before = request.at - startedAt;
        const behind = endedAt - lastTextAt;
        return {
          before,
          behind,
          all: before + behind,
          modelMs: lastTextAt - request.at,
          steps: await lastSteps(server),
        };
      };
      for (const [at, file] of files.entries()) await askIn(server, model, file, ask, at < warmUps ? newRun() : run);
    } finally {
      await server.stop();
    }
  }
}

/** As the first minute of a day. */
const warmUps = 4;

interface Timed {
  readonly before: number;
  readonly behind: number;
  readonly all: number;
  readonly modelMs: number;
  readonly steps: readonly { readonly name: string; readonly ms: number }[];
}

type Ask = (params: unknown, expected: string) => Promise<Timed | 'not-asked' | 'without'>;

interface Run {
  readonly newPlace: Timed[];
  readonly nextKey: Timed[];
  notAsked: number;
  without: number;
}

function newRun(): Run {
  return { newPlace: [], nextKey: [], notAsked: 0, without: 0 };
}

/** Opens a file without some of its lines, asks at the start of each of them, types a key and asks again. */
async function askIn(
  server: SpawnedServer,
  model: ModelServer,
  { path, lines: taken, text, written: lines }: Places,
  ask: Ask,
  run: Run,
): Promise<void> {
  const uri = pathToFileURL(path).href;
  let version = 1;
  server.rpc.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: languageIdOf(path), version, text },
  });
  await pause(restMs);
  for (const line of taken) {
    const written = lines[line] ?? '';
    const character = indentationOf(written).length;
    const key = written[character] ?? '';
    // Something else than what is typed then: what fits would only be shown again.
    const other = taken.map(each => (lines[each] ?? '').trim()).find(text => !text.startsWith(key));
    const note = async (into: Timed[], typed: number, expected: string): Promise<void> => {
      const position = { line, character: character + typed };
      const timed = await ask({ textDocument: { uri }, position, context: { triggerKind: 2 } }, expected);
      if (timed === 'not-asked') run.notAsked++;
      else if (timed === 'without') run.without++;
      else into.push(timed);
    };
    await note(run.newPlace, 0, other ?? written.trim());
    await pause(restMs);
    if (other !== undefined) {
      const at = { line, character };
      version++;
      server.rpc.notify('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range: { start: at, end: at }, text: key }],
      });
      await note(run.nextKey, 1, written.trim().slice(1));
      await pause(restMs);
    }
    model.forget();
  }
  server.rpc.notify('textDocument/didClose', { textDocument: { uri } });
}

interface Places extends PlacesOfFile {
  /** All lines, as they really are. */
  readonly written: readonly string[];
}

function placesIn(path: string): Places {
  const written = readFileSync(path, 'utf8').split('\n');
  const lines = linesToTake(written);
  const text = written.map((line, at) => (lines.includes(at) ? indentationOf(line) : line)).join('\n');
  return { path, lines, text, written };
}

/** Whole statements, as far as a line alone tells, away from each other. */
function linesToTake(lines: readonly string[]): readonly number[] {
  const good = lines.flatMap((line, at) => {
    const text = line.trim();
    return at > 20 && text.length >= 20 && text.length < 100 && /[;)]$/.test(text) && /^[\p{L}_]/u.test(text)
      ? [at]
      : [];
  });
  return spread(good, placesEach);
}

function indentationOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}

async function modelReady(server: SpawnedServer): Promise<void> {
  for (;;) {
    const status = await server.rpc.request('understudy/status');
    const backends: unknown = isRecord(status) ? status['backends'] : [];
    if (Array.isArray(backends) && backends.some(backend => isRecord(backend) && backend['state'] === 'ready')) return;
    await pause(50);
  }
}

async function lastSteps(server: SpawnedServer): Promise<Timed['steps']> {
  const trace = await server.rpc.request('understudy/trace', { limit: 1 });
  const requests: unknown = isRecord(trace) ? trace['requests'] : [];
  const last: unknown = Array.isArray(requests) ? requests[0] : null;
  const steps: unknown = isRecord(last) ? last['steps'] : [];
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown) => {
    if (!isRecord(step)) return [];
    const { name, ms } = step;
    return typeof name === 'string' && typeof ms === 'number' ? [{ name, ms }] : [];
  });
}

function hasItem(answer: unknown): boolean {
  const items: unknown = isRecord(answer) ? answer['items'] : null;
  return Array.isArray(items) && items.length > 0;
}

function figuresOf(run: Run, files: number, inside: OverheadInside): OverheadFigures {
  const timed = [...run.newPlace, ...run.nextKey];
  const steps = new Map<string, number[]>();
  for (const { steps: own, modelMs: spent } of timed) {
    const sums = new Map<string, number>();
    for (const { name, ms } of own) sums.set(name, (sums.get(name) ?? 0) + ms);
    for (const [name, ms] of sums) {
      steps.set(name, [...(steps.get(name) ?? []), name === 'model' ? Math.max(0, ms - spent) : ms]);
    }
  }
  return {
    files,
    modelMs,
    newPlace: partsOf(run.newPlace),
    nextKey: partsOf(run.nextKey),
    all: percentiles(timed.map(({ all }) => all)),
    notAsked: run.notAsked,
    withoutSuggestion: run.without,
    steps: Object.fromEntries([...steps].map(([name, ms]) => [name, percentiles(ms)])),
    inside,
  };
}

function partsOf(timed: readonly Timed[]): OverheadParts {
  return {
    all: percentiles(timed.map(({ all }) => all)),
    before: percentiles(timed.map(({ before }) => before)),
    behind: percentiles(timed.map(({ behind }) => behind)),
  };
}
