/**
 * How much of a prompt a server has to read again at each typed character: with our order, and with two naive ones.
 * Counted by comparing each prompt with the one before, as a server's cache does, and by a real llama-server.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isRecord } from '../../server/base/record.js';
import { familyOf } from '../../server/model/fim/families.js';
import { renderFillIn } from '../../server/model/fim/render.js';
import type { FillInPrompt, Passage } from '../../server/model/prompt.js';
import { startLlamaServer } from '../models/support/llamaServer.js';
import { findModels } from '../models/support/models.js';
import { percentiles, type Percentiles } from './percentiles.js';
import { filesOfLength, languageIdOf } from './typing.js';
import { smallWorkspace } from './workspaces.js';

type Summary = Percentiles & { readonly mean: number };

interface OrderFigures {
  /** Of our estimate, 3.5 characters each, for each typed character. */
  readonly simulatedTokens: Summary;
  /** As the server says. */
  readonly serverTokens: Summary;
  /** From the request to the one token asked for. */
  readonly serverMs: Summary;
}

export interface PromptOrderFigures {
  readonly places: number;
  readonly keys: number;
  /** With prompts of half the length. SmolLM2 was not trained to fill in, which does not change what has to be read. */
  readonly server: { readonly model: string; readonly trainedToFillIn: false; readonly keys: number };
  /** Of our estimate, before anything is typed. */
  readonly promptTokens: number;
  readonly orders: Readonly<Record<string, OrderFigures>>;
  readonly ours: OrderFigures;
}

export async function benchPromptOrder(): Promise<PromptOrderFigures> {
  const places = findPlaces(120);
  const measured = await askServer(places.slice(0, serverPlaces).map(shortened));
  const summaries = Object.entries(orders).map(([name, draw]): [string, OrderFigures] => {
    const read = places.flatMap(place => readAgain(keysOf(place, linesTyped).map(draw)));
    const { tokens, ms } = measured[name] ?? { tokens: [], ms: [] };
    return [
      name,
      {
        simulatedTokens: summed(read.map(chars => chars / charsPerToken)),
        serverTokens: summed(tokens),
        serverMs: summed(ms),
      },
    ];
  });
  const [, ours] = summaries[0] ?? [];
  if (ours === undefined) throw new Error('There is no order to measure.');
  const lengths = places.map(place => render(promptOf({ ...place, cursor: 0 }, windowInSteps)).length);
  const figures: PromptOrderFigures = {
    places: places.length,
    keys: ours.simulatedTokens.count,
    server: { model: 'SmolLM2-135M-Instruct Q4_1', trainedToFillIn: false, keys: ours.serverTokens.count },
    promptTokens: Math.round(mean(lengths) / charsPerToken),
    orders: Object.fromEntries(summaries),
    ours,
  };
  printTable(figures);
  return figures;
}

const serverPlaces = 2;
const serverKeys = 6;

/** A small model on one busy core reads 50 tokens a second: half of the files is enough to see what is read again. */
function shortened(place: Place): Place {
  const after = place.after
    .split(/(?<=\n)/)
    .slice(0, 15)
    .join('');
  return { ...place, before: place.before.slice(-30), after, related: place.related.slice(0, 1) };
}
const charsPerToken = 3.5;
const linesTyped = 3;

/** A cursor in a real file: the lines before and after, and those in between that are typed. */
interface Place {
  readonly path: string;
  readonly before: readonly string[];
  readonly typing: readonly string[];
  readonly after: string;
  readonly related: readonly Passage[];
}

interface Key extends Place {
  /** How many characters of the lines in between are typed. */
  readonly cursor: number;
}

/** Ours first. */
const orders: Readonly<Record<string, (key: Key) => string>> = {
  'others, lines in steps, suffix, typed': key => render(promptOf(key, windowInSteps)),
  'the same, typed before the suffix': key => render(withTypedInPrefix(promptOf(key, windowInSteps))),
  'window that ends at the cursor, typed before the suffix': key =>
    render(withTypedInPrefix(promptOf(key, windowAtCursor))),
};

/** The first line shown moves by 32 lines at a time. */
function windowInSteps(lines: readonly string[]): string {
  const from = Math.max(0, Math.floor((lines.length - shownLines) / 32) * 32);
  return lines.slice(from).join('');
}

/** As many characters before the cursor as there is room for. */
function windowAtCursor(lines: readonly string[], typed: string): string {
  const text = lines.join('') + typed;
  const shown = windowInSteps(lines).length;
  return text.slice(Math.max(0, text.length - shown), text.length - typed.length);
}

const shownLines = 64;

function promptOf(key: Key, window: (lines: readonly string[], typed: string) => string): FillInPrompt {
  const written = key.typing.join('').slice(0, key.cursor);
  const lineStart = written.lastIndexOf('\n') + 1;
  const typed = written.slice(lineStart);
  const whole = written
    .slice(0, lineStart)
    .split(/(?<=\n)/)
    .filter(line => line !== '');
  return {
    languageId: languageIdOf(key.path),
    path: key.path,
    label: basename(key.path),
    repository: 'workspace',
    related: key.related,
    prefix: window([...key.before, ...whole], typed),
    typed,
    suffix: `\n${key.after}`,
    startLine: 0,
  };
}

function withTypedInPrefix(prompt: FillInPrompt): FillInPrompt {
  return { ...prompt, prefix: prompt.prefix + prompt.typed, typed: '' };
}

function render(prompt: FillInPrompt): string {
  const family = familyOf('qwen2.5-coder');
  if (family === null) throw new Error('The family that is measured is gone.');
  return renderFillIn(family, prompt).prompt;
}

/** The first state is what there was before anything is typed. */
function keysOf(place: Place, lines: number): Key[] {
  const typing = place.typing.slice(0, lines);
  return Array.from({ length: typing.join('').length }, (_, cursor) => ({ ...place, cursor }));
}

/** Characters behind the first difference, for each prompt but the first. */
function readAgain(prompts: readonly string[]): number[] {
  return prompts.slice(1).map((prompt, index) => prompt.length - commonLength(prompts[index] ?? '', prompt));
}

function commonLength(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}

function findPlaces(count: number): Place[] {
  const paths = filesOfLength(smallWorkspace().folder, 150, 400);
  const stride = Math.max(1, Math.floor(paths.length / count));
  return paths.flatMap((path, index) => {
    if (index % stride !== 0) return [];
    const lines = readFileSync(path, 'utf8').split(/(?<=\n)/);
    const at = lines.findIndex(
      (line, number) => number > 80 && isTypable(lines.slice(number, number + linesTyped), line),
    );
    if (at < 0) return [];
    const related = [1, 2].flatMap(step => passageOf(paths[(index + step) % paths.length]));
    const after = lines.slice(at + linesTyped, at + linesTyped + 40).join('');
    return [{ path, before: lines.slice(0, at), typing: lines.slice(at, at + linesTyped), after, related }];
  });
}

function isTypable(lines: readonly string[], first: string): boolean {
  return first.trim().length > 20 && lines.every(line => line.trim().length > 3 && line.length < 90);
}

function passageOf(path: string | undefined): Passage[] {
  if (path === undefined) return [];
  const text = readFileSync(path, 'utf8').split('\n').slice(20, 50).join('\n');
  return [{ path, label: basename(path), startLine: 20, text, source: 'similar' }];
}

interface Measured {
  readonly tokens: number[];
  readonly ms: number[];
}

/** Types the beginning of a line at each place, in each order. What is read for the first of its states is not counted. */
async function askServer(places: readonly Place[]): Promise<Record<string, Measured>> {
  const { smollm2 } = await findModels();
  const server = await startLlamaServer({ model: smollm2, args: ['-c', '4096', '-np', '1'] });
  try {
    const measured: Record<string, Measured> = {};
    for (const [name, draw] of Object.entries(orders)) {
      const tokens: number[] = [];
      const ms: number[] = [];
      for (const place of places) {
        const indentation = /^\s*/.exec(place.typing[0] ?? '')?.[0].length ?? 0;
        const keys = keysOf(place, 1).slice(indentation, indentation + 1 + serverKeys);
        for (const [index, key] of keys.entries()) {
          const started = performance.now();
          const read = await countRead(server.url, draw(key));
          if (index === 0) continue;
          tokens.push(read);
          ms.push(performance.now() - started);
        }
      }
      measured[name] = { tokens, ms };
    }
    return measured;
  } finally {
    await server.stop();
  }
}

async function countRead(url: string, prompt: string): Promise<number> {
  const response = await fetch(`${url}/completion`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt, n_predict: 1, temperature: 0, cache_prompt: true, id_slot: 0 }),
  });
  const answer: unknown = await response.json();
  const timings = isRecord(answer) ? answer['timings'] : null;
  const read = isRecord(timings) ? timings['prompt_n'] : null;
  if (typeof read !== 'number') throw new Error('llama-server does not say how much it has read.');
  return read;
}

function summed(values: readonly number[]): Summary {
  const rounded = percentiles(values);
  return { ...rounded, mean: Number(mean(values).toFixed(1)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** As a person reads it, on standard output. */
function printTable(figures: PromptOrderFigures): void {
  const row = (name: string, cells: readonly string[]): void => {
    process.stdout.write(`  ${name.padEnd(58)}${cells.map(cell => cell.padStart(12)).join('')}\n`);
  };
  row('tokens read again at each character', ['mean', 'p95', 'server mean', 'p95', 'ms p50']);
  for (const [name, { simulatedTokens, serverTokens, serverMs }] of Object.entries(figures.orders)) {
    const told = [simulatedTokens.mean, simulatedTokens.p95, serverTokens.mean, serverTokens.p95, serverMs.p50];
    row(
      name,
      told.map(value => value.toFixed(1)),
    );
  }
}
