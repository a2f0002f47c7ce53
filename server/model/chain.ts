import type { Settings } from '../config/schema.js';
import type { ModelFacts } from './backend.js';
import type { Speed } from './measured.js';
import type { Unserved } from './models.js';
import type { Known } from './probing.js';
import type { Task } from './prompt.js';

export interface Candidate {
  readonly known: Known;
  readonly model: ModelFacts;
}

/** Whether it stays on this machine: a server here may pass text on, and says so. */
export function runsHere({ known, model }: Candidate): boolean {
  return known.backend.isLocal && (model.runsElsewhere ?? null) === null;
}

/** Who gets to see the text. */
export function hostOf({ known, model }: Candidate): string {
  return model.runsElsewhere ?? known.backend.host;
}

/** One backend of a chain, and whether it can be asked now. */
export interface Step {
  /** `backend/model`, or the backend alone while its model is not known. */
  readonly label: string;
  readonly candidate: Candidate | null;
  /** Why it cannot be asked, as a sentence; the empty string where it can. */
  readonly why: string;
  /** What of the budget keeps it from being asked: it is used up, or cannot be kept as nobody knows the price. */
  readonly overBudget: OverBudget['is'] | null;
}

export interface OverBudget {
  readonly why: string;
  readonly is: 'reached' | 'unpriced';
}

export interface Walk {
  readonly steps: readonly Step[];
  readonly usable: readonly Candidate[];
  /** Null where somebody can be asked. */
  readonly unserved: Unserved | null;
}

export interface ChainView {
  readonly settings: Settings;
  readonly known: readonly Known[];
  readonly speed: (candidate: Candidate) => Speed;
  /** Why money or tokens keep a model of another machine from being asked; null: they do not. */
  readonly overBudget: (candidate: Candidate) => OverBudget | null;
}

/** Who answers a task in a language, first to last. */
export function walkChain(view: ChainView, task: Task, languageId: string): Walk {
  const { settings } = view;
  if (task === 'inline' && !settings.inline.models)
    return unserved([], 'inline.models is off; suggestions come from your code alone.');
  const expert = expertChain(settings, task, languageId);
  if (expert !== null) {
    if (task === 'inline' && expert.length === 0)
      return unserved([], `tasks.languages names nobody for ${languageId}.`);
    const walk = walkNames(view, task, expert);
    if (walk.usable.length > 0) return walk;
    if (task === 'inline') {
      const why = walk.unserved?.why ?? '';
      return {
        ...walk,
        unserved: {
          reason: walk.unserved?.reason ?? 'no-backend',
          why: `The expert for ${languageId} cannot be asked. ${why}`,
        },
      };
    }
    const common = walkNames(view, task, commonChain(view, task));
    return { ...common, steps: [...walk.steps, ...common.steps] };
  }
  return walkNames(view, task, commonChain(view, task));
}

function expertChain({ tasks }: Settings, task: Task, languageId: string): readonly string[] | null {
  const own = Object.hasOwn(tasks.languages, languageId) ? tasks.languages[languageId] : undefined;
  return own?.[task] ?? (isConversation(task) ? own?.chat : undefined) ?? null;
}

/** What holds for every language: as set, or whoever is there. */
function commonChain({ settings, known, speed }: ChainView, task: Task): readonly string[] {
  const { tasks } = settings;
  const set = tasks[task] ?? (isConversation(task) ? tasks.chat : null);
  if (set !== null) return set;
  // Vectors for a whole workspace are an hour of a processor: never unasked.
  if (task === 'embed') return [];
  const named = known.filter(({ from }) => from === 'settings').map(({ name }) => name);
  const found = known
    .filter(({ from }) => from === 'found')
    .map(one => ({ one, best: bestModel(one, task, speed) }))
    .sort((left, right) => compareBest(left.best, right.best, task))
    .map(({ one }) => one.name);
  return [...named, ...found];
}

function isConversation(task: Task): boolean {
  return task === 'chat' || task === 'explain' || task === 'tests' || task === 'review';
}

function walkNames(view: ChainView, task: Task, names: readonly string[]): Walk {
  const steps = names.map(name => stepOf(view, task, name));
  const isReached = steps.some(({ overBudget }) => overBudget === 'reached');
  const { onReached } = view.settings.budget;
  if (isReached && onReached === 'local') {
    for (const { name, backend } of view.known)
      if (backend.isLocal && !steps.some(({ candidate }) => candidate?.known.name === name))
        steps.push(stepOf(view, task, name));
  }
  const usable =
    isReached && onReached === 'recall'
      ? []
      : steps.flatMap(({ candidate, why }) => (why === '' && candidate ? [candidate] : []));
  if (usable.length > 0) return { steps, usable, unserved: null };
  const whys = steps.map(({ label, why }) => `${label}: ${why}`).join(' ');
  if (steps.some(({ overBudget }) => overBudget !== null))
    return { steps, usable, unserved: { reason: 'budget-reached', why: whys } };
  return steps.length === 0 ? unserved(steps, nobody(view, task)) : troubled(steps, whys);
}

/** Nobody is to answer. */
function unserved(steps: readonly Step[], why: string): Walk {
  return { steps, usable: [], unserved: { reason: 'no-backend', why, isUnwanted: true } };
}

/** Somebody is to answer and cannot. */
function troubled(steps: readonly Step[], why: string): Walk {
  return { steps, usable: [], unserved: { reason: 'no-backend', why } };
}

function nobody({ settings }: ChainView, task: Task): string {
  if (task === 'embed') return 'tasks.embed names no backend; search works without.';
  const set = settings.tasks[task];
  if (set !== null && set.length === 0) return `tasks.${task} is empty.`;
  return settings.tasks.discover
    ? 'No model was found on this machine and none is set up. Start Ollama or llama-server, or name one in backends.'
    : 'No model is set up, and tasks.discover is off. Name one in backends.';
}

function stepOf(view: ChainView, task: Task, entry: string): Step {
  const { known, model: named } = splitEntry(view.known, entry);
  if (known === undefined)
    return blocked(
      entry,
      `There is no backend of that name${view.settings.tasks.discover ? ', and none was found on this machine' : ''}.`,
    );
  const { name, state, why, gate } = known;
  const wanted = named ?? known.settings.model;
  const wantedLabel = wanted === null ? name : `${name}/${wanted}`;
  if (state === 'waiting') return blocked(wantedLabel, 'It is being looked at.');
  if (state !== 'ready') return blocked(wantedLabel, why);
  const picked = wanted === null ? pickBest(known, task, view.speed) : pickNamed(known, task, wanted);
  if (typeof picked === 'string') return blocked(wantedLabel, picked);
  const candidate = { known, model: picked };
  const label = `${name}/${picked.name}`;
  const cost = runsHere(candidate) ? null : view.overBudget(candidate);
  if (cost !== null) return { label, candidate, why: cost.why, overBudget: cost.is };
  const closed = gate.closed(picked.name);
  return { label, candidate, why: closed?.why ?? '', overBudget: null };
}

function blocked(label: string, why: string): Step {
  return { label, candidate: null, why: why === '' ? 'It cannot be asked.' : why, overBudget: null };
}

/** `backend`, or `backend/model`; names of models may hold a `/` themselves. */
export function splitEntry(
  known: readonly Known[],
  entry: string,
): { readonly known: Known | undefined; readonly model: string | null } {
  const whole = known.find(({ name }) => name === entry);
  if (whole !== undefined) return { known: whole, model: null };
  const head = known
    .filter(({ name }) => entry.startsWith(`${name}/`))
    .sort((left, right) => right.name.length - left.name.length)[0];
  return head === undefined
    ? { known: undefined, model: null }
    : { known: head, model: entry.slice(head.name.length + 1) };
}

/** The model, or why there is none. */
function pickNamed({ settings, models }: Known, task: Task, wanted: string): ModelFacts | string {
  // llama-server runs one model, and calls it as it likes.
  const only = settings.kind === 'llamacpp' && models.length === 1 ? models[0] : undefined;
  const model = models.find(({ name }) => name === wanted || name === `${wanted}:latest`) ?? only;
  if (model === undefined) {
    const remedy =
      settings.kind === 'ollama'
        ? `Fetch it: understudy models pull ${wanted}`
        : 'understudy models lists what there is.';
    return `It has no model ${wanted}. ${remedy}`;
  }
  return cannot(model, task) ?? model;
}

function pickBest(known: Known, task: Task, speed: ChainView['speed']): ModelFacts | string {
  if (known.models.length === 0) {
    return known.settings.kind === 'ollama'
      ? 'It has no models. Fetch one: understudy models pull qwen2.5-coder:1.5b-base'
      : 'It has no models.';
  }
  const able = unasked(known, task);
  // Whoever pays by the token says for which model.
  if (!known.backend.isLocal && able.length > 1) return `It has ${able.length} models; say which one with "model".`;
  const best = bestModel(known, task, speed);
  if (best !== null) return best;
  const whys = known.models.map(model => cannot(model, task) ?? `${model.name} runs elsewhere; name it to use it.`);
  return whys.slice(0, 3).join(' ');
}

function cannot(model: ModelFacts, task: Task): string | null {
  const able = task === 'inline' ? model.fillIn !== null : task === 'embed' ? model.embeddings : model.chat;
  if (able) return null;
  const what = task === 'inline' ? 'complete code' : task === 'embed' ? 'make vectors' : 'chat';
  return `${model.name} cannot ${what}.${model.advice.length === 0 ? '' : ` ${model.advice.join(' ')}`}`;
}

/** Those that may be taken without being named: what a server here passes on to another machine must be asked for. */
function unasked(known: Known, task: Task): readonly ModelFacts[] {
  return known.models.filter(
    model => cannot(model, task) === null && (!known.backend.isLocal || runsHere({ known, model })),
  );
}

function bestModel(known: Known, task: Task, speed: ChainView['speed']): ModelFacts | null {
  const able = unasked(known, task);
  const isQuick = quickness(known, able, speed);
  return (
    able
      .map(model => ({ model, rank: rankOf(model, task, isQuick(model)) }))
      .sort((left, right) => compareRanks(left.rank, right.rank))[0]?.model ?? null
  );
}

function compareBest(left: ModelFacts | null, right: ModelFacts | null, task: Task): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return compareRanks(rankOf(left, task, true), rankOf(right, task, true));
}

const ways = { template: 0, suffix: 0, continue: 1, chat: 2 } as const;

/** Smaller is better, the first that differs decides. */
function rankOf(model: ModelFacts, task: Task, isQuick: boolean): readonly number[] {
  const parameters = model.parameters ?? 1e9;
  if (task === 'inline') {
    const way = model.fillIn === null ? 3 : ways[model.fillIn.way];
    return [way, Number(model.instruct), Number(!isQuick), isQuick ? -parameters : parameters];
  }
  if (task === 'embed') return [Number(model.chat || model.fillIn !== null), parameters];
  return [Number(!model.instruct), -parameters];
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  for (const [index, own] of left.entries()) {
    const difference = own - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A line that takes longer comes too late to be of use. */
const quickLineMs = 1000;
/** What runs well enough on most machines, before anything was measured. */
const quickParameters = 4e9;
const fewestAnswers = 3;

/** Larger models are better until a line takes too long: measured, or from what another model of the same server took. */
function quickness(
  known: Known,
  models: readonly ModelFacts[],
  speed: ChainView['speed'],
): (model: ModelFacts) => boolean {
  const measured = models.flatMap(model => {
    const { lineMs, answers } = speed({ known, model });
    return lineMs === null || answers < fewestAnswers ? [] : [{ model, lineMs }];
  });
  const base = measured.find(({ model }) => model.parameters !== null);
  return model => {
    const own = measured.find(one => one.model.name === model.name);
    if (own !== undefined) return own.lineMs <= quickLineMs;
    const parameters = model.parameters ?? 1e9;
    if (base === undefined) return parameters <= quickParameters;
    return (base.lineMs * parameters) / (base.model.parameters ?? parameters) <= quickLineMs;
  };
}
