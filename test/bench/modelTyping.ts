/**
 * Typing against a model, over stdio and HTTP, with a scripted server that answers after a fixed time:
 * - 10,000 keys at 12 a second against models of 50 to 5,000 ms: every request answered, each for the newest text, never two
 *   questions at a time for one document, memory flat;
 * - bursts of 8 keys: how many questions, and what comes on top of the model's own time once the hands rest, with a model
 *   that writes what the person will type, one that never does, and one that does every other time;
 * - cancelled requests: how long until their answer.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isRecord } from '../../server/base/record.js';
import { startModelServer, type ModelServer } from '../support/modelServer.js';
import { slopePerMinute, treeMemory } from '../support/processTree.js';
import { spawnServer, type SpawnedServer } from '../support/spawnServer.js';
import { percentiles, type Percentiles } from './percentiles.js';

const keyMs = 1000 / 12;
const delaysMs = [50, 200, 800, 2000, 5000];
const documents = 10;

export interface ModelTypingResult {
  readonly long: readonly LongRun[];
  readonly bursts: readonly BurstRun[];
  readonly cancelToAnswerMs: Percentiles;
}

export async function benchModelTyping(keys = 10_000, bursts = 60): Promise<ModelTypingResult> {
  const long: LongRun[] = [];
  for (const delayMs of delaysMs) long.push(await typeLong(delayMs, keys / delaysMs.length));
  return {
    long,
    bursts: [
      await typeBursts('writes what will be typed', 100, bursts, () => true),
      await typeBursts('does so every other time', 100, bursts, seed => seed % 2 === 0),
      await typeBursts('never does', 100, bursts, () => false),
    ],
    cancelToAnswerMs: await cancelled(50),
  };
}

type Says = (typed: string) => string;

interface Stage {
  readonly server: SpawnedServer;
  readonly model: ModelServer;
  readonly folder: string;
  end(): Promise<void>;
}

/** A workspace in which recall finds nothing to say, and a server with one model. */
async function setStage(delayMs: number, says: Says): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-typing-'));
  const model = await startModelServer('llamacpp', {
    firstDelayMs: delayMs,
    answer: ({ prompt }) => says(typedIn(prompt)),
  });
  const settings = {
    backends: { scripted: { kind: 'llamacpp', url: model.url } },
    tasks: { inline: ['scripted'], discover: false },
    inline: { minConfidence: 0.99 },
  };
  writeFileSync(join(folder, 'package.json'), '{}');
  const server = await spawnServer({ folders: [folder], settings });
  await server.ready();
  for (;;) {
    const status = await server.rpc.request('understudy/status');
    const backends: unknown = isRecord(status) ? status['backends'] : [];
    if (Array.isArray(backends) && backends.some(backend => isRecord(backend) && backend['state'] === 'ready')) break;
    await pause(50);
  }
  return {
    server,
    model,
    folder,
    async end() {
      await server.stop();
      await model.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The part of a prompt that is typed last: behind the token that asks for the middle. */
function typedIn(prompt: string): string {
  return prompt.slice(prompt.lastIndexOf('<|fim_middle|>') + '<|fim_middle|>'.length);
}

/** Lines that occur nowhere else, so that only the model can know them. */
function lineOf(seed: number): string {
  let state = (seed + 1) * 2_654_435_761;
  const word = (): string => {
    let text = '';
    for (let index = 0; index < 6; index++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      text += String.fromCharCode(97 + ((state >>> 8) % 26));
    }
    return text;
  };
  return `${word()}.${word()}(${word()}, ${word()});`;
}

interface Typist {
  key(character: string): Promise<Answered>;
  /** Types, and asks in a way that can be cancelled. */
  cancellableKey(character: string): { readonly id: number; readonly answer: Promise<unknown> };
  newLine(): void;
}

const unanswered = Symbol('unanswered');

interface Answered {
  readonly item: string | null;
  readonly isAnswered: boolean;
  readonly ms: number;
  /** What was typed in after the request when its answer came, in milliseconds before it; null when nothing was. */
  readonly newerSinceMs: number | null;
}

function openTypist({ server, folder }: Stage, name: string): Typist {
  const uri = pathToFileURL(join(folder, `${name}.ts`)).href;
  let text = `// document ${name}\n`;
  let version = 1;
  let line = 1;
  let column = 0;
  let changedAt = 0;
  server.rpc.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version, text } });
  const insert = (fresh: string): void => {
    version += 1;
    text += fresh;
    changedAt = performance.now();
    server.rpc.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [
        { range: { start: { line, character: column }, end: { line, character: column } }, text: fresh },
      ],
    });
  };
  const paramsHere = () => ({
    textDocument: { uri },
    position: { line, character: column },
    context: { triggerKind: 2 },
  });
  return {
    async key(character) {
      insert(character);
      column += 1;
      const mine = version;
      const startedAt = performance.now();
      const answer = await Promise.race([
        server.rpc.request('textDocument/inlineCompletion', paramsHere()),
        pause(15_000, unanswered),
      ]);
      const answeredAt = performance.now();
      return {
        item: itemIn(answer),
        isAnswered: answer !== unanswered,
        ms: answeredAt - startedAt,
        newerSinceMs: version === mine ? null : answeredAt - changedAt,
      };
    },
    cancellableKey(character) {
      insert(character);
      column += 1;
      return server.rpc.ask('textDocument/inlineCompletion', paramsHere());
    },
    newLine() {
      insert('\n');
      line += 1;
      column = 0;
    },
  };
}

function itemIn(answer: unknown): string | null {
  const items: unknown = isRecord(answer) ? answer['items'] : null;
  const first: unknown = Array.isArray(items) ? items[0] : null;
  return isRecord(first) && typeof first['insertText'] === 'string' ? first['insertText'] : null;
}

interface LongRun {
  readonly modelMs: number;
  readonly keys: number;
  readonly unanswered: number;
  /** Answers with a suggestion for a text that had been changed more than 20 ms before. */
  readonly stale: number;
  readonly withSuggestion: number;
  readonly questions: number;
  /** Questions of one document that the server had at the same time. */
  readonly mostAtOnce: number;
  readonly memoryMb: { readonly start: number; readonly end: number; readonly slopePerMinute: number };
}

async function typeLong(modelMs: number, keys: number): Promise<LongRun> {
  const lines: string[] = [];
  // At the first letter it may take the wrong one, as models do.
  const stage = await setStage(
    modelMs,
    typed => lines.findLast(line => line.startsWith(typed))?.slice(typed.length) ?? 'nothing',
  );
  try {
    const samples: { minutes: number; megabytes: number }[] = [];
    const startedAt = performance.now();
    const sampler = setInterval(() => {
      samples.push({ minutes: (performance.now() - startedAt) / 60_000, megabytes: treeMemory(stage.server.pid) });
    }, 1000);
    const answers = await Promise.all(
      Array.from({ length: documents }, async (_, index) => {
        const typist = openTypist(stage, `typed${index}`);
        const answered: Promise<Answered>[] = [];
        for (let count = 0, seed = index * 10_000; count < keys / documents; seed += 1) {
          const line = lineOf(seed);
          lines.push(line);
          for (const character of line) {
            answered.push(typist.key(character));
            if (++count >= keys / documents) break;
            await pause(keyMs);
          }
          typist.newLine();
        }
        // The last has nothing behind it: whatever comes, it comes by itself.
        return Promise.all(answered);
      }),
    );
    clearInterval(sampler);
    const all = answers.flat();
    const half = samples.slice(Math.floor(samples.length / 2));
    return {
      modelMs,
      keys: all.length,
      unanswered: all.filter(({ isAnswered }) => !isAnswered).length,
      stale: all.filter(({ item, newerSinceMs }) => item !== null && newerSinceMs !== null && newerSinceMs > 20).length,
      withSuggestion: all.filter(({ item }) => item !== null).length,
      questions: stage.model.asked.length,
      mostAtOnce: mostAtOnce(stage.model),
      memoryMb: {
        start: Math.round(samples[0]?.megabytes ?? 0),
        end: Math.round(samples.at(-1)?.megabytes ?? 0),
        slopePerMinute: Number(slopePerMinute(half).toFixed(2)),
      },
    };
  } finally {
    await stage.end();
  }
}

function mostAtOnce({ asked }: ModelServer): number {
  const events = asked.flatMap(request => {
    // Others may stand before it, as context.
    const document = (request.asked?.prompt ?? '').split('// document ').at(-1)?.split('\n')[0] ?? '';
    return [
      { document, at: request.at, by: 1 },
      { document, at: request.endedAt ?? Number.POSITIVE_INFINITY, by: -1 },
    ];
  });
  events.sort((left, right) => left.at - right.at || left.by - right.by);
  const open = new Map<string, number>();
  let most = 0;
  for (const { document, by } of events) {
    const now = (open.get(document) ?? 0) + by;
    open.set(document, now);
    most = Math.max(most, now);
  }
  return most;
}

interface BurstRun {
  readonly model: string;
  readonly modelMs: number;
  readonly bursts: number;
  readonly questionsPerBurst: { readonly mean: number; readonly most: number };
  /** From the last key to its answer, less the model's own time, where there was a suggestion. */
  readonly addedMs: Percentiles;
  readonly withSuggestion: number;
}

async function typeBursts(
  model: string,
  modelMs: number,
  bursts: number,
  fits: (seed: number) => boolean,
): Promise<BurstRun> {
  const lines = new Map<string, { readonly line: string; readonly fits: boolean }>();
  const stage = await setStage(modelMs, typed => {
    // Of several lines that begin so, the one that is being written.
    const known = [...lines].findLast(([start]) => start.startsWith(typed.slice(0, 8)) || typed.startsWith(start))?.[1];
    if (known === undefined) return 'unrelatedText(1);';
    return known.fits ? known.line.slice(typed.length) : 'unrelatedText(2);';
  });
  try {
    const typist = openTypist(stage, 'bursts');
    const added: number[] = [];
    const questions: number[] = [];
    for (let seed = 0; seed < bursts; seed += 1) {
      const line = lineOf(seed + 500_000);
      lines.set(line.slice(0, 8), { line, fits: fits(seed) });
      const before = stage.model.asked.length;
      let last: Promise<Answered> | null = null;
      for (const [index, character] of [...line.slice(0, 8)].entries()) {
        if (index > 0) await pause(keyMs);
        last = typist.key(character);
      }
      const answered = await last;
      await pause(400); // A suggestion is read; what is asked ahead is not of this burst.
      const asked = stage.model.asked
        .slice(before)
        .filter(request => !typedIn(request.asked?.prompt ?? '').endsWith(';'));
      questions.push(asked.length);
      if (answered !== null && answered.item !== null) added.push(answered.ms - modelMs);
      typist.newLine();
      await pause(600);
    }
    return {
      model,
      modelMs,
      bursts,
      questionsPerBurst: {
        mean: Number((questions.reduce((sum, count) => sum + count, 0) / bursts).toFixed(2)),
        most: Math.max(...questions),
      },
      addedMs: percentiles(added.map(ms => Math.max(0, ms))),
      withSuggestion: added.length,
    };
  } finally {
    await stage.end();
  }
}

/** Each request is cancelled while the model is silent. */
async function cancelled(count: number): Promise<Percentiles> {
  const stage = await setStage(60_000, () => 'never');
  try {
    const typist = openTypist(stage, 'cancelled');
    const waits: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const { id, answer } = typist.cancellableKey('a');
      await pause(30);
      const cancelledAt = performance.now();
      stage.server.rpc.cancel(id);
      await answer;
      waits.push(performance.now() - cancelledAt);
    }
    return percentiles(waits);
  } finally {
    await stage.end();
  }
}
