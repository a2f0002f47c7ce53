/** Round trips over stdio while typing in real files of a large workspace, by length of file; and the first answers of a warm start. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { spawnServer, type SpawnedServer } from '../support/spawnServer.js';
import { quiet } from '../support/processTree.js';
import { percentiles, type Percentiles } from './percentiles.js';
import { filesOfLength, hasItems, languageIdOf, typeLines } from './typing.js';
import { largeWorkspace } from './workspaces.js';

export interface LatencyResult {
  readonly roundTripMs: { readonly upTo2000Lines: Percentiles; readonly around5000Lines: Percentiles };
  readonly suggestionsShown: number;
  /** Milliseconds from spawning the process, index and recall warm, to the first answer and to the first suggestion. */
  readonly warmStart: readonly { readonly firstAnswerMs: number; readonly firstSuggestionMs: number | null }[];
}

export async function benchLatency(): Promise<LatencyResult> {
  const tree = largeWorkspace();
  const home = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  try {
    const short = filesOfLength(tree.folder, 300, 2_000);
    const long = filesOfLength(tree.folder, 3_500, 6_500);
    const server = await spawnServer({ folders: [tree.folder], home });
    await server.ready();
    await quiet(server.pid);
    await typeIn(server, short, 2, 100); // Warms the compiler up, as the first minute of a day does.
    const upTo2000 = await typeIn(server, short, 12, 200);
    const around5000 = await typeIn(server, long, 5, 300);
    await quiet(server.pid); // What is pending is written.
    await server.stop();
    const warmStart = [];
    for (let index = 0; index < 5; index += 1) {
      warmStart.push(await startWarm(tree.folder, home, short[(index * 37) % short.length] ?? ''));
    }
    return {
      roundTripMs: {
        upTo2000Lines: percentiles(upTo2000.roundTripsMs),
        around5000Lines: percentiles(around5000.roundTripsMs),
      },
      suggestionsShown: upTo2000.suggestions + around5000.suggestions,
      warmStart,
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function typeIn(server: SpawnedServer, files: readonly string[], count: number, keys: number) {
  const roundTripsMs: number[] = [];
  let suggestions = 0;
  for (let index = 0; index < count; index += 1) {
    const path = files[Math.floor((index * files.length) / count)];
    if (path === undefined) continue;
    const typed = await typeLines(server, path, keys);
    roundTripsMs.push(...typed.roundTripsMs);
    suggestions += typed.suggestions;
  }
  return { roundTripsMs, suggestions };
}

/** A person opens a file and asks at the ends of its half lines until something is offered. */
async function startWarm(folder: string, home: string, path: string) {
  const started = performance.now();
  const server = await spawnServer({ folders: [folder], home });
  const lines = readFileSync(path, 'utf8').split('\n');
  const uri = pathToFileURL(path).href;
  server.rpc.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: languageIdOf(path), version: 1, text: lines.join('\n') },
  });
  let firstAnswerMs: number | null = null;
  let firstSuggestionMs: number | null = null;
  for (let version = 2; firstSuggestionMs === null && performance.now() - started < 10_000; version += 1) {
    const line = 20 + ((version * 7) % (lines.length - 20));
    const written = lines[line] ?? '';
    const half = Math.floor(written.length * 0.6);
    const change = (from: number, to: number, text: string): void =>
      server.rpc.notify('textDocument/didChange', {
        textDocument: { uri, version: version * 2 + (text === '' ? 0 : 1) },
        contentChanges: [{ range: { start: { line, character: from }, end: { line, character: to } }, text }],
      });
    change(half, written.length, '');
    const answer = await server.rpc.request('textDocument/inlineCompletion', {
      textDocument: { uri },
      position: { line, character: half },
      context: { triggerKind: 2 },
    });
    const elapsed = performance.now() - started;
    firstAnswerMs ??= elapsed;
    if (hasItems(answer)) firstSuggestionMs = elapsed;
    if (written.length > half) change(half, half, written.slice(half));
  }
  await server.stop();
  return {
    firstAnswerMs: Math.round(firstAnswerMs ?? 0),
    firstSuggestionMs: firstSuggestionMs === null ? null : Math.round(firstSuggestionMs),
  };
}
