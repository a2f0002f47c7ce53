import type { ModelFacts } from '../model/backend.js';
import type { BackendStatus, ModelsStatus } from '../model/models.js';
import { exitCodes, type Command, type Invocation, type Outcome, type Paint } from './command.js';
import { isHere, measureInline } from './measureModel.js';
import { UsageError } from './parseCommandLine.js';
import { pullModel } from './pullModel.js';
import { formatCount, formatMs } from './quantities.js';
import { alignColumns } from './table.js';
import { showBreaks } from './terminal.js';
import { useModels } from './useModels.js';
import { withModels } from './withModels.js';

export const modelsCommand: Command = {
  name: 'models',
  usage: '[use TASK BACKEND[/MODEL]… | pull NAME]',
  summary: 'lists the models there are, what each can do and what it serves; sets who serves what; fetches one',
  description: `
Lists the backends of your settings and the servers found on this machine, and asks each what it has.
Licences, and whether a provider trains on what it is sent, are known with their source, or "unknown".

  understudy models use inline ollama/qwen2.5-coder:1.5b-base
  understudy models use chat team ollama          the first that can answer does
  understudy models use inline none               no model; your own code alone
  understudy models use inline default            what is found on this machine
  understudy models pull qwen2.5-coder:1.5b-base  fetches a model into Ollama

Tasks are inline, chat, explain, tests, review and embed. "use" writes your own settings file and keeps its comments.`,
  options: {
    measure: {
      type: 'boolean',
      help: 'Ask the model of this machine that completes a short question, to measure its speed.',
    },
    language: { type: 'string', value: 'ID', help: 'With "use": for this language alone, such as python.' },
    url: {
      type: 'string',
      value: 'URL',
      help: 'With "pull": which Ollama. Default: that of the settings, or the one found.',
    },
  },
  positionals: [0, 100],
  async run(invocation) {
    const [verb, ...rest] = invocation.positionals;
    if (verb === 'use') return useModels(invocation, rest);
    if (verb === 'pull') return pullModel(invocation, rest);
    if (verb !== undefined) throw new UsageError(`There is no "models ${verb}"; there are "use" and "pull".`);
    return list(invocation);
  },
};

async function list(invocation: Invocation): Promise<Outcome> {
  const { host } = invocation;
  return withModels(host, invocation.folder(), async ({ models }) => {
    const trouble = invocation.flag('measure') ? await measureInline(models, host.signal) : null;
    const status = models.status();
    const serving = models.serving('inline', '', null);
    const { lineMs = null, firstTextMs = null } = isHere(serving) ? serving : {};
    const measured = invocation.flag('measure') ? { lineMs, firstTextMs, trouble } : null;
    const { backends, tasks, notices } = status;
    return {
      exit: backends.some(({ state }) => state === 'ready') ? exitCodes.done : exitCodes.nothing,
      json: { backends, tasks, notices, ...(measured === null ? {} : { measured }) },
      text: paint =>
        `${[...describeModels(status, paint), ...describeMeasured(measured)].map(showBreaks).join('\n')}\n`,
    };
  });
}

function describeMeasured(
  measured: { readonly lineMs: number | null; readonly trouble: string | null } | null,
): string[] {
  if (measured === null) return [];
  if (measured.trouble !== null) return ['', `Measuring failed: ${measured.trouble}`];
  if (measured.lineMs === null) return ['', 'Nothing was measured: no model of this machine completes.'];
  return ['', `A line takes ${formatMs(measured.lineMs)}.`];
}

function describeModels({ backends, tasks, notices }: ModelsStatus, paint: Paint): string[] {
  if (backends.length === 0) return [...notices, nothingFound];
  const rows = Object.entries(tasks).map(([task, chain]) => [
    `  ${task}`,
    chain.length === 0 ? paint.dim('nobody') : chain.join(' → '),
  ]);
  return [
    ...backends.flatMap(backend => describeBackend(backend, paint)),
    paint.bold('Tasks'),
    ...alignColumns(rows),
    ...notices.map(notice => paint.yellow(notice)),
  ];
}

const nothingFound =
  'No models. Start Ollama (https://ollama.com) or llama-server, or name a server in the "backends" of your settings.';

function describeBackend(backend: BackendStatus, paint: Paint): string[] {
  const { name, kind, server, host, isLocal, from, state, why, models } = backend;
  const where = isLocal ? 'on this machine' : 'on another machine';
  const paintState = state === 'ready' ? paint.green : paint.yellow;
  return [
    `${paint.bold(name)}  ${server ?? kind} at ${host}, ${where}${from === 'found' ? ', found' : ''}: ${paintState(state)}`,
    ...(why === '' ? [] : [`  ${paint.yellow(why)}`]),
    ...models.flatMap(model => describeModel(model, paint)),
    '',
  ];
}

function describeModel(model: BackendStatus['models'][number], paint: Paint): string[] {
  const { name, chat, embeddings, thinking, contextTokens, parameters, tokensPerSecond, licence, trainsOnInput } =
    model;
  const abilities = [
    describeFillIn(model),
    chat ? 'chat' : 'no chat',
    ...(embeddings ? ['embeddings'] : []),
    ...(thinking ? ['thinks'] : []),
    ...(contextTokens === null ? [] : [`context ${formatCount(contextTokens)}`]),
    ...(parameters === null ? [] : [`${(parameters / 1e9).toFixed(parameters < 1e10 ? 1 : 0)} B parameters`]),
    ...(tokensPerSecond === null ? [] : [`${formatCount(tokensPerSecond)} tokens/s`]),
    ...((model.runsElsewhere ?? null) === null ? [] : [`runs at ${model.runsElsewhere ?? ''}`]),
  ];
  const trains =
    trainsOnInput === 'unknown' ? 'unknown' : `${trainsOnInput.value ? 'yes' : 'no'} (${trainsOnInput.source})`;
  const terms = licence === 'unknown' ? 'unknown' : `${licence.value} (${licence.source})`;
  return [
    `  ${paint.cyan(name)}  ${abilities.join(', ')}`,
    `    ${paint.dim(`licence: ${terms}; trains on input: ${trains}`)}`,
    ...model.advice.map(advice => `    ${paint.yellow(advice)}`),
  ];
}

function describeFillIn({ fillIn }: ModelFacts): string {
  switch (fillIn?.way) {
    case undefined:
      return 'does not complete';
    case 'template':
      return `fills in (${fillIn?.way === 'template' ? fillIn.family : ''})`;
    case 'suffix':
      return 'fills in (by its server)';
    case 'continue':
      return 'continues only';
    case 'chat':
      return 'completes by chat';
  }
}
