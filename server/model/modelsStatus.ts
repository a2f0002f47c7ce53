import type { Candidate, Walk } from './chain.js';
import type { Lately, Trouble } from './lately.js';
import type { Speed } from './measured.js';
import type { BackendState, BackendStatus, ModelsStatus } from './models.js';
import type { Known } from './probing.js';
import type { Task } from './prompt.js';
import { reachedWords } from './reachedWords.js';

export interface StatusParts {
  readonly known: readonly Known[];
  readonly speed: (candidate: Candidate) => Speed;
  /** Of the last requests. */
  readonly lately: Lately;
  readonly spending: ModelsStatus['budget'];
  readonly problems: readonly string[];
  readonly walk: (task: Task) => Walk;
  /** A question whether a prompt may go is shown and not answered. */
  readonly isAsking: boolean;
}

const tasks: readonly Task[] = ['inline', 'chat', 'explain', 'tests', 'review', 'embed'];

export function modelsStatus(parts: StatusParts): ModelsStatus {
  const walks = new Map(tasks.map(task => [task, parts.walk(task)]));
  const labels = (task: Task): readonly string[] => walks.get(task)?.steps.map(({ label }) => label) ?? [];
  return {
    backends: parts.known.map(one => backendStatus(one, walks, parts)),
    budget: parts.spending,
    tasks: {
      inline: [...labels('inline'), 'recall'],
      chat: labels('chat'),
      explain: labels('explain'),
      tests: labels('tests'),
      review: labels('review'),
      embed: labels('embed'),
    },
    notices: [...new Set(notices(parts, walks))],
  };
}

function backendStatus(
  known: Known,
  walks: ReadonlyMap<Task, Walk>,
  { speed, lately }: Pick<StatusParts, 'speed' | 'lately'>,
): BackendStatus {
  const { name, backend, from, server, models, settings } = known;
  const steps = [...walks.values()]
    .flatMap(walk => walk.steps)
    .filter(({ candidate }) => candidate?.known.name === name);
  const serving = steps[0]?.candidate ?? null;
  const model = serving?.model.name ?? settings.model;
  const closed = serving === null ? null : known.gate.closed(serving.model.name);
  const refused = blockedWhy(name, walks);
  const trouble = troubleOf(known, lately);
  const state: BackendState =
    known.state !== 'ready' ? known.state : closed !== null ? 'paused' : trouble?.is === 'silent' ? 'loading' : 'ready';
  return {
    name,
    kind: settings.kind,
    host: backend.host,
    isLocal: backend.isLocal,
    model,
    state: state === 'ready' && refused !== '' && serving === null ? 'unusable' : state,
    why: [closed?.why ?? (known.why === '' ? refused : known.why), trouble?.why ?? '']
      .filter(why => why !== '')
      .join(' '),
    from,
    server,
    models: models.map(facts => ({ ...facts, tokensPerSecond: speed({ known, model: facts }).tokensPerSecond })),
  };
}

/** Of a server that seems well: what became of the last request to one of its models. */
function troubleOf({ name, state, models }: Known, lately: Lately): Trouble | null {
  if (state !== 'ready') return null;
  return models.map(model => lately.trouble(`${name}/${model.name}`)).find(trouble => trouble !== null) ?? null;
}

/** Why no task can use a backend that is there: a model that is missing or cannot do it. */
function blockedWhy(name: string, walks: ReadonlyMap<Task, Walk>): string {
  const own = [...walks.values()]
    .flatMap(({ steps }) => steps)
    .filter(({ label }) => label === name || label.startsWith(`${name}/`));
  return own.length > 0 && own.every(({ why }) => why !== '') ? (own[0]?.why ?? '') : '';
}

function* notices(parts: StatusParts, walks: ReadonlyMap<Task, Walk>): Generator<string> {
  const { spending, problems, isAsking } = parts;
  const troubled = [...troubles(parts, walks)];
  const names = [...new Set(troubled.map(({ name }) => name))];
  if (names.length > mostNamed) yield inShort(names);
  else yield* troubled.map(({ name, why }) => `${name}: ${why}`);
  if (spending.daily.state === 'reached') yield reachedWords('day', spending.daily);
  if (spending.monthly.state === 'reached') yield reachedWords('month', spending.monthly);
  if (isAsking) yield 'Nothing is sent before you have answered whether it may be.';
  yield* problems;
}

/** More of them are counted: nobody reads fifty sentences in a status bar. */
const mostNamed = 3;

function inShort(names: readonly string[]): string {
  const first = names.slice(0, mostNamed).join(', ');
  return `${names.length} backends cannot be asked: ${first} and ${names.length - mostNamed} more; understudy models says why.`;
}

/** Who is set up and cannot be asked. */
function* troubles(
  { known, lately }: StatusParts,
  walks: ReadonlyMap<Task, Walk>,
): Generator<{ readonly name: string; readonly why: string }> {
  for (const one of known) {
    const { name, from, state, why } = one;
    const trouble = troubleOf(one, lately);
    if (from === 'settings' && state !== 'ready' && state !== 'waiting') yield { name, why };
    if (trouble?.is === 'silent') yield { name, why: trouble.why };
  }
  for (const { steps } of walks.values())
    for (const { label, candidate, why, overBudget } of steps) {
      const isTold = known.some(
        ({ name, state }) => state !== 'ready' && (label === name || label.startsWith(`${name}/`)),
      );
      const isOfSettings = candidate === null ? !isFound(known, label) : candidate.known.from === 'settings';
      if (why !== '' && !isTold && overBudget !== 'reached' && isOfSettings) yield { name: label, why };
    }
}

function isFound(known: readonly Known[], label: string): boolean {
  return known.some(({ name, from }) => from === 'found' && (label === name || label.startsWith(`${name}/`)));
}
