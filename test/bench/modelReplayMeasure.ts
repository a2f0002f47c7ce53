import type { WorkerPool } from '../../index/workerPool.js';
import { lineStartsOf } from '../../server/base/position.js';
import type { DocSnapshot } from '../../server/base/snapshot.js';
import type { History } from '../../server/cli/try/history.js';
import type { CompletionAnswer } from '../../server/complete/completer.js';
import { budgetOf } from '../../server/context/budget.js';
import type { Context } from '../../server/context/context.js';
import { windowOf } from '../../server/context/window.js';
import { renderContinuation } from '../../server/model/fim/render.js';
import type { FillInPrompt } from '../../server/model/prompt.js';
import { editsBetween, replayedLines, type ReplayedCursor, type ReplayedLine } from './modelReplayCases.js';
import type { ReplayModel } from './modelReplayModel.js';
import { lineOf, namesOf, scoreOf, type Score, type Scored } from './modelReplayScore.js';
import { openReplayStage, type ReplayStage } from './modelReplayStage.js';

export interface ReplayCase extends Scored {
  readonly path: string;
  readonly typed: string;
  readonly rest: string;
  readonly said: Readonly<Record<string, string | null>>;
  /** Who wrote what the pipeline showed. */
  readonly source: 'recall' | 'model' | null;
  readonly reason: string | null;
  /** By step, units of the text that the model reads, and of the names to be written the share that stands in it. */
  readonly shown: Readonly<Record<string, { readonly units: number; readonly names: number | null }>>;
}

export interface MeasureOptions {
  readonly languageId: string;
  readonly lines: number;
  readonly budgetTokens: number;
  readonly variants: boolean;
}

/** So often somebody goes on where a suggestion was right as far as it went. */
const mostTabs = 5;
const never = new AbortController().signal;

/** All lines of one history; for each model what it says at each cursor. */
export async function measureReplay(
  history: History,
  pool: WorkerPool,
  models: readonly ReplayModel[],
  options: MeasureOptions,
): Promise<ReadonlyMap<ReplayModel, readonly ReplayCase[]>> {
  const found = new Map<ReplayModel, ReplayCase[]>(models.map(model => [model, []]));
  const stage = await openReplayStage(history, pool);
  try {
    const lines = replayedLines(history, { seed: 7, lines: options.lines, languageId: options.languageId });
    for (const [number, line] of lines.entries()) {
      await stage.apply(line);
      const asked = await askAlong(stage, line, models, options);
      for (const [model, cases] of asked) for (const each of cases) found.get(model)?.push({ ...each, line: number });
    }
  } finally {
    await stage.close();
  }
  return found;
}

type Asked = Omit<ReplayCase, 'line'>;

async function askAlong(
  stage: ReplayStage,
  line: ReplayedLine,
  models: readonly ReplayModel[],
  options: MeasureOptions,
): Promise<ReadonlyMap<ReplayModel, readonly Asked[]>> {
  const context = stage.newContext();
  const document = followDocument(stage, context, line);
  const places: Place[] = [];
  try {
    for (const cursor of line.cursors) {
      const snapshot = document.become(cursor.snapshot.text);
      const prompts = await promptsAt(context, snapshot, cursor.offset, options);
      const alone = await complete(stage, null, context, snapshot, cursor.offset);
      const answers: Place['answers'][number][] = [];
      for (const model of models) {
        // What the pipeline sends is the same prompt: the second time the answer is known.
        const ofContext = await model.ask(prompts.context);
        const pipeline = await complete(stage, model, context, document.become(cursor.snapshot.text), cursor.offset);
        const tabs = await goOn(stage, model, context, document, cursor, pipeline.text);
        answers.push({ context: ofContext, pipeline, tabs });
      }
      places.push({ cursor, prompts, alone, answers });
    }
  } finally {
    document.close();
    context.dispose();
  }
  const asked = await Promise.all(models.map((model, at) => askRest(model, at, places)));
  return new Map(models.map((model, at) => [model, asked[at] ?? []]));
}

/** Takes what is shown as long as it is right, and asks again behind it; gives all that was taken, and what was not right. */
async function goOn(
  stage: ReplayStage,
  model: ReplayModel,
  context: Context,
  document: ReturnType<typeof followDocument>,
  { snapshot: { text }, offset, rest }: ReplayedCursor,
  first: string | null,
): Promise<string | null> {
  let taken = '';
  let shown = first;
  for (let tabs = 0; tabs < mostTabs && shown !== null; tabs++) {
    const line = lineOf(shown);
    taken += line;
    if (line === '' || taken === rest || !rest.startsWith(taken)) break;
    const snapshot = document.become(text.slice(0, offset) + taken + text.slice(offset));
    shown = (await complete(stage, model, context, snapshot, offset + taken.length)).text;
  }
  return first === null ? null : taken;
}

interface Place {
  readonly cursor: ReplayedCursor;
  readonly prompts: Prompts;
  readonly alone: Shown;
  readonly answers: readonly { readonly context: string; readonly pipeline: Shown; readonly tabs: string | null }[];
}

type Prompts = Readonly<Record<string, FillInPrompt>> & { readonly context: FillInPrompt };

interface Shown {
  readonly text: string | null;
  readonly source: 'recall' | 'model' | null;
  readonly reason: string | null;
}

/** All that is asked with one kind of prompt in a row: a server reads again only what differs from the question before. */
async function askRest(model: ReplayModel, at: number, places: readonly Place[]): Promise<readonly Asked[]> {
  const said = places.map(({ answers, alone }) => {
    const own = answers[at];
    const byStep: Record<string, string | null> = {
      context: own?.context ?? null,
      recall: alone.text,
      pipeline: own?.pipeline.text ?? null,
      tabs: own?.tabs ?? null,
    };
    return byStep;
  });
  const names = Object.keys(places[0]?.prompts ?? {}).filter(name => name !== 'context');
  for (const name of names) {
    for (const [index, { prompts }] of places.entries()) {
      const prompt = prompts[name];
      const own = said[index];
      if (prompt !== undefined && own !== undefined) own[name] = await model.ask(prompt);
    }
  }
  return places.map(({ cursor, prompts, answers }, index) => {
    const { kind, rest, snapshot, offset } = cursor;
    const own = said[index] ?? {};
    const { source, reason } = answers[at]?.pipeline ?? { source: null, reason: null };
    const scores: Record<string, Score> = {};
    for (const [name, text] of Object.entries(own)) scores[name] = scoreOf(text, rest);
    const shown = Object.fromEntries(Object.entries(prompts).map(([name, prompt]) => [name, shownOf(prompt, rest)]));
    const typed = snapshot.text.slice(snapshot.text.lastIndexOf('\n', offset - 1) + 1, offset);
    return { kind, rest, typed, path: snapshot.path ?? '', scores, said: own, source, reason, shown };
  });
}

function shownOf(prompt: FillInPrompt, rest: string): { readonly units: number; readonly names: number | null } {
  const { prompt: text } = renderContinuation(prompt);
  const names = namesOf(rest);
  const words = new Set(namesOf(text));
  const share = names.filter(name => words.has(name)).length / Math.max(1, names.length);
  return { units: text.length, names: names.length === 0 ? null : share };
}

/** The document as it is opened, with the files written before it, and typed in; the parts are told as by an editor. */
function followDocument(stage: ReplayStage, context: Context, { opened, written }: ReplayedLine) {
  for (const { before, after } of written) {
    const old = stage.placed(before);
    context.open(old);
    context.change({ ...old, version: 2, text: after }, editsBetween(old.text, after));
  }
  let current = stage.placed(opened);
  context.open(current);
  stage.recall.open(current);
  stage.trees.open(current);
  return {
    become(text: string): DocSnapshot {
      const edits = editsBetween(current.text, text);
      current = { ...current, version: current.version + 1, text };
      context.change(current, edits);
      stage.recall.change(current, edits);
      stage.trees.change(current, edits);
      return current;
    },
    close(): void {
      stage.recall.close(current.uri);
      stage.trees.close(current.uri);
    },
  };
}

async function complete(
  stage: ReplayStage,
  model: ReplayModel | null,
  context: Context,
  snapshot: DocSnapshot,
  offset: number,
): Promise<Shown> {
  const completer = stage.newCompleter(model?.models ?? null, context);
  // Its thread may have to parse first; how long that takes is measured elsewhere.
  await stage.trees.surroundings(snapshot.uri, snapshot.version, offset, never);
  completer.open(snapshot);
  const answer = await completer.complete({ snapshot, offset, trigger: 'automatic', selected: null }, never);
  completer.close(snapshot.uri);
  return shownBy(answer, offset);
}

function shownBy({ items: [item], reason }: CompletionAnswer, offset: number): Shown {
  if (item === undefined) return { text: null, source: null, reason };
  return { text: item.text.slice(offset - item.start), source: item.source, reason };
}

async function promptsAt(
  context: Context,
  snapshot: DocSnapshot,
  offset: number,
  { budgetTokens, variants }: MeasureOptions,
): Promise<Prompts> {
  const { prompt } = await context.gather({ snapshot, offset, budgetTokens, deadlineMs: 20_000 }, never);
  const bare = barePrompt(prompt, snapshot, offset, budgetTokens);
  return { context: prompt, bare, ...(variants ? variantsOf(prompt, bare) : {}) };
}

/** The file alone, with all the room that the passages have otherwise: as many whole lines as fit, no steps. */
function barePrompt(
  { around: _, ...prompt }: FillInPrompt,
  { text }: DocSnapshot,
  offset: number,
  budgetTokens: number,
): FillInPrompt {
  const { units, window: room } = budgetOf(budgetTokens);
  const starts = lineStartsOf(text);
  const { line, suffix, typed } = windowOf(text, starts, offset, room);
  const lineStart = starts[line] ?? 0;
  const least = lineStart - (units - room.suffix - typed.length);
  const startLine = starts.findIndex(start => start >= least);
  return {
    ...prompt,
    related: [],
    prefix: text.slice(starts[Math.min(line, Math.max(0, startLine))] ?? 0, lineStart),
    typed,
    suffix,
    startLine,
  };
}

/** Other ways of saying the same, each with the same number of units at most. */
function variantsOf(gathered: FillInPrompt, bare: FillInPrompt): Readonly<Record<string, FillInPrompt>> {
  const { related } = gathered;
  const plain = related.map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`)).join('\n');
  // As many lines of the file as the step of the window has left out.
  const fitting = (room: number): string => {
    const from = Math.max(0, bare.prefix.length - room);
    return from === 0 ? bare.prefix : bare.prefix.slice(bare.prefix.indexOf('\n', from) + 1);
  };
  const used = related.reduce((sum, { text, label }) => sum + text.length + label.length + 24, 0);
  const room = bare.prefix.length - used;
  return {
    uncommented: { ...gathered, related: [], prefix: `${plain}\n${gathered.prefix}` },
    wholeWindow: { ...gathered, prefix: fitting(Math.max(room, gathered.prefix.length)) },
    reversed: { ...gathered, related: [...related].reverse() },
    half: {
      ...gathered,
      related: related.slice(0, Math.ceil(related.length / 2)),
      prefix: fitting(bare.prefix.length - used / 2),
    },
  };
}
