import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { GenerationEnd, ModelFacts } from '../../server/model/backend.js';
import type { Models } from '../../server/model/models.js';
import type { FillInPrompt, Sampling } from '../../server/model/prompt.js';
import { findLlamaServer, startLlamaServer } from '../models/support/llamaServer.js';
import { findModels, makeModels } from '../models/support/models.js';
import { backendFor } from '../models/support/realBackend.js';

/** A model behind a real server, that always says the same to the same prompt. */
export interface ReplayModel {
  readonly about: {
    readonly name: string;
    readonly megabytes: number;
    readonly parameters: string;
    readonly trained: string;
    readonly trainedToFillIn: false;
    /** How it is asked. */
    readonly way: string;
  };
  /** The line that it writes right of the cursor. */
  ask(prompt: FillInPrompt): Promise<string>;
  /** The same as the pipeline sees it. */
  readonly models: Pick<Models, 'serving' | 'fillIn'>;
  close(): Promise<void>;
}

export type ReplayModelName = 'smollm2' | 'copy' | 'none';

export async function openReplayModel(name: ReplayModelName, budgetTokens: number): Promise<ReplayModel> {
  if (name === 'none') return silent;
  const chosen = name === 'smollm2' ? await smollm2() : await copy();
  const server = await startLlamaServer({
    model: chosen.file,
    args: ['-c', String(chosen.contextTokens), '-np', '1', '-b', '256', '-ub', '256'],
  });
  const never = new AbortController().signal;
  const backend = backendFor('llamacpp', server.url, { fim: 'continue' });
  const { models } = await backend.probe(never);
  const [facts] = models;
  if (facts === undefined) throw new Error('The server names no model.');
  const sampling: Sampling = { temperature: 0, topP: 1, maxTokens: chosen.lineTokens };
  const said = new Map<string, Promise<string>>();
  const ask = (prompt: FillInPrompt): Promise<string> => {
    const { related, prefix, typed, suffix } = prompt;
    const key = JSON.stringify([related.map(({ label, text }) => [label, text]), prefix, typed, suffix]);
    const known = said.get(key) ?? readLine(backend.fillIn(facts, prompt, sampling, never));
    said.set(key, known);
    return known;
  };
  return {
    about: {
      name: chosen.name,
      megabytes: Math.round(statSync(chosen.file).size / 1e5) / 10,
      parameters: chosen.parameters,
      trained: chosen.trained,
      trainedToFillIn: false,
      way: 'continues plain text; what follows the cursor is not shown to it',
    },
    ask,
    models: {
      serving: () => servingOf(facts, budgetTokens),
      fillIn: async ({ prompt }) => ({ backend: 'replay', model: facts.name, text: streamOf(await ask(prompt)) }),
    },
    async close() {
      backend.dispose();
      await server.stop();
      await chosen.remove();
    },
  };
}

/** Says nothing: what stands in the prompts can be seen without a server. */
const silent: ReplayModel = {
  about: {
    name: 'no model',
    megabytes: 0,
    parameters: 'no',
    trained: 'not at all',
    trainedToFillIn: false,
    way: 'says nothing',
  },
  ask: () => Promise.resolve(''),
  models: {
    serving: () => ({ reason: 'no-backend', why: 'There is none.', isUnwanted: true }),
    fillIn: () => Promise.reject(new Error('There is none.')),
  },
  close: () => Promise.resolve(),
};

interface Chosen {
  readonly name: string;
  readonly parameters: string;
  readonly trained: string;
  readonly file: string;
  readonly contextTokens: number;
  readonly lineTokens: number;
  remove(): Promise<void>;
}

/** Q4_1, as it comes, is read three times slower on a CPU. */
async function smollm2(): Promise<Chosen> {
  const { smollm2: shipped } = await findModels();
  const file = shipped.replace(/\.gguf$/, '.q4_0.gguf');
  if (!existsSync(file)) {
    const arriving = `${file}.${process.pid}`;
    const quantize = join(dirname(await findLlamaServer()), 'llama-quantize');
    await promisify(execFile)(quantize, ['--allow-requantize', shipped, arriving, 'Q4_0', '1']);
    await rename(arriving, file);
  }
  return {
    name: 'SmolLM2-135M-Instruct Q4_0 (requantised from Q4_1)',
    parameters: '135 million',
    trained: 'on text and some code, to talk; not to fill in',
    file,
    contextTokens: 4096,
    lineTokens: 64,
    remove: () => Promise.resolve(),
  };
}

async function copy(): Promise<Chosen> {
  const made = await makeModels();
  return {
    name: 'copy transformer of test/models/weights, F32',
    parameters: '7 million',
    trained: 'not at all: compiled by hand, goes on as the prompt went on where its last ten bytes stood before',
    file: made.copy,
    contextTokens: 16_384,
    lineTokens: 200,
    remove: () => made.remove(),
  };
}

/** To the end of the first line that holds something; what would follow costs time only. */
async function readLine(generation: ReturnType<ReturnType<typeof backendFor>['fillIn']>): Promise<string> {
  let text = '';
  for await (const chunk of generation) {
    text += chunk;
    const whole = /^\s*\S[^\n]*\n/.exec(text);
    if (whole !== null) return whole[0];
  }
  return text;
}

async function* streamOf(text: string): AsyncGenerator<string, GenerationEnd, void> {
  yield text;
  return { stop: 'stop', usage: { promptTokens: null, cachedTokens: null, completionTokens: null } };
}

function servingOf({ name, fillIn }: ModelFacts, promptTokens: number): ReturnType<Models['serving']> {
  return {
    backend: 'replay',
    model: name,
    host: '127.0.0.1',
    isLocal: true,
    fillIn,
    promptTokens,
    firstTextMs: null,
    lineMs: null,
    tokensPerSecond: null,
    isCold: false,
    stopsWhenAborted: true,
    // Nothing is asked ahead: that is another place.
    isFree: false,
  };
}
