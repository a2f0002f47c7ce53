import type { Candidate, Walk } from './chain.js';
import type { Speed } from './measured.js';
import type { BackendState, BackendStatus, ModelsStatus, Spending } from './models.js';
import type { Known } from './probing.js';
import type { Task } from './prompt.js';

export interface StatusParts {
  readonly known: readonly Known[];
  readonly speed: (candidate: Candidate) => Speed;
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
    backends: parts.known.map(one => backendStatus(one, walks, parts.speed)),
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

function backendStatus(known: Known, walks: ReadonlyMap<Task, Walk>, speed: StatusParts['speed']): BackendStatus {
  const { name, backend, from, server, models, settings } = known;
  const steps = [...walks.values()]
    .flatMap(walk => walk.steps)
    .filter(({ candidate }) => candidate?.known.name === name);
  const serving = steps[0]?.candidate ?? null;
  const model = serving?.model.name ?? settings.model;
  const closed = serving === null ? null : known.gate.closed(serving.model.name);
  const refused = blockedWhy(name, walks);
  const state: BackendState = known.state === 'ready' && closed !== null ? 'paused' : known.state;
  return {
    name,
    kind: settings.kind,
    host: backend.host,
    isLocal: backend.isLocal,
    model,
    state: state === 'ready' && refused !== '' && serving === null ? 'unusable' : state,
    why: closed?.why ?? (known.why === '' ? refused : known.why),
    from,
    server,
    models: models.map(facts => ({ ...facts, tokensPerSecond: speed({ known, model: facts }).tokensPerSecond })),
  };
}

/** Why no task can use a backend that is there: a model that is missing or cannot do it. */
function blockedWhy(name: string, walks: ReadonlyMap<Task, Walk>): string {
  const own = [...walks.values()]
    .flatMap(({ steps }) => steps)
    .filter(({ label }) => label === name || label.startsWith(`${name}/`));
  return own.length > 0 && own.every(({ why }) => why !== '') ? (own[0]?.why ?? '') : '';
}

function* notices(parts: StatusParts, walks: ReadonlyMap<Task, Walk>): Generator<string> {
  const { known, spending, problems, isAsking } = parts;
  for (const { name, from, state, why } of known)
    if (from === 'settings' && state !== 'ready' && state !== 'waiting') yield `${name}: ${why}`;
  for (const { steps } of walks.values())
    for (const { label, candidate, why, isOverBudget } of steps) {
      const isTold = known.some(
        ({ name, state }) => state !== 'ready' && (label === name || label.startsWith(`${name}/`)),
      );
      const isOfSettings = candidate === null ? !isFound(known, label) : candidate.known.from === 'settings';
      if (why !== '' && !isTold && !isOverBudget && isOfSettings) yield `${label}: ${why}`;
    }
  if (isReached(spending.daily)) yield 'The budget of the day is used up; nothing more goes to other machines.';
  if (isReached(spending.monthly)) yield 'The budget of the month is used up; nothing more goes to other machines.';
  if (isAsking) yield 'Nothing is sent before you have answered whether it may be.';
  yield* problems;
}

function isFound(known: readonly Known[], label: string): boolean {
  return known.some(({ name, from }) => from === 'found' && (label === name || label.startsWith(`${name}/`)));
}

function isReached({ state }: Spending): boolean {
  return state === 'reached';
}
