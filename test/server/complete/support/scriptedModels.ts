import type { DocSnapshot } from '../../../../server/base/snapshot.js';
import type { ModelParts } from '../../../../server/complete/model/askModel.js';
import type { Cutter } from '../../../../server/complete/model/flight.js';
import type { GenerationEnd } from '../../../../server/model/backend.js';
import type { Serving, Unserved } from '../../../../server/model/models.js';
import type { FillInPrompt } from '../../../../server/model/prompt.js';

/** One question to the model, and what became of it. */
export interface Asked {
  readonly prompt: FillInPrompt;
  readonly isSpeculative: boolean;
  /** Writes some of the answer. */
  write(text: string): void;
  /** Ends the answer well. */
  end(): void;
  fail(error: Error): void;
  readonly aborted: boolean;
  readonly over: boolean;
}

export interface ScriptedModels extends ModelParts {
  serves: Serving | Unserved;
  cutterAt: ModelParts['cutterAt'];
  readonly asked: Asked[];
  /** Sources of context that do not answer in time. */
  lateSources: readonly string[];
  /** Answers by itself, at once; null leaves it to the test. */
  says: ((left: string, prompt: FillInPrompt) => string) | null;
}

const served: Serving = {
  backend: 'local',
  model: 'scripted',
  host: '127.0.0.1:1',
  isLocal: true,
  fillIn: { way: 'template', family: 'qwen' },
  promptTokens: 1000,
  firstTextMs: 50,
  lineMs: 100,
  tokensPerSecond: 100,
  isCold: false,
  stopsWhenAborted: true,
  isFree: true,
};

/** A model that a test holds in its hands: nothing is timed, nothing is sent. */
export function scriptedModels(serving: Partial<Serving> = {}): ScriptedModels {
  const models: ScriptedModels = {
    serves: { ...served, ...serving },
    asked: [],
    lateSources: [],
    says: null,
    contextDeadlineMs: 40,
    cutterAt: () => Promise.resolve(lineCutter()),
    context: {
      open: () => {},
      change: () => {},
      close: () => {},
      diagnostics: () => {},
      gather: ({ snapshot, offset }) =>
        Promise.resolve({
          prompt: promptAt(snapshot, offset),
          sources: models.lateSources.map(name => ({ name, ms: 40, passages: 0, late: true })),
        }),
      instructionFiles: () => [],
      dispose: () => {},
    },
    models: {
      serving: () => models.serves,
      fillIn({ prompt, isSpeculative }, signal) {
        const asked = startAnswer(prompt, isSpeculative, signal);
        models.asked.push(asked);
        if (models.says !== null) {
          asked.write(models.says(prompt.prefix + prompt.typed, prompt));
          asked.end();
        }
        return Promise.resolve({ backend: 'local', model: 'scripted', text: asked.text() });
      },
    },
  };
  return models;
}

function startAnswer(
  prompt: FillInPrompt,
  isSpeculative: boolean,
  signal: AbortSignal,
): Asked & { text(): AsyncGenerator<string, GenerationEnd, void> } {
  const chunks: string[] = [];
  let state: 'open' | 'ended' | Error = 'open';
  let isRead = false;
  let wake = (): void => {};
  const tell = (): void => wake();
  signal.addEventListener('abort', tell);
  return {
    prompt,
    isSpeculative,
    write(text) {
      chunks.push(text);
      tell();
    },
    end() {
      state = 'ended';
      tell();
    },
    fail(error) {
      state = error;
      tell();
    },
    get aborted() {
      return signal.aborted;
    },
    get over() {
      return isRead;
    },
    async *text() {
      try {
        for (;;) {
          signal.throwIfAborted();
          const chunk = chunks.shift();
          if (chunk !== undefined) yield chunk;
          else if (state instanceof Error) throw state;
          else if (state === 'ended') return end;
          else await new Promise<void>(resolve => (wake = resolve));
        }
      } finally {
        isRead = true;
      }
    },
  };
}

const end: GenerationEnd = { stop: 'stop', usage: { promptTokens: null, cachedTokens: null, completionTokens: null } };

function promptAt({ text, path, languageId }: DocSnapshot, offset: number): FillInPrompt {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return {
    languageId,
    path,
    label: 'a',
    repository: 'r',
    related: [],
    prefix: text.slice(0, lineStart),
    typed: text.slice(lineStart, offset),
    suffix: text.slice(offset),
    startLine: 0,
  };
}

/** The first line that is not blank. */
function lineCutter(): Cutter {
  let text = '';
  return {
    push(chunk) {
      text += chunk;
      const at = text.indexOf('\n', text.search(/\S/));
      return text.trim() !== '' && at >= 0 ? { text: text.slice(0, at), done: true } : { text, done: false };
    },
  };
}
