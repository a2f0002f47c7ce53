import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileFailure } from '../base/failure.js';
import { onAbort } from '../base/onAbort.js';
import { pathToUri } from '../base/paths.js';
import { lineStartsOf, positionAt } from '../base/position.js';
import type { DocSnapshot } from '../base/snapshot.js';
import type { Completer, Completion, CompletionAnswer, CompletionRequest, ReasonCode } from '../complete/completer.js';
import type { Core } from '../core.js';
import type { ModelsStatus } from '../model/models.js';
import type { FillInPrompt } from '../model/prompt.js';
import { exitCodes, type Command, type Outcome, type Paint } from './command.js';
import { offsetOfPlace, parsePlace } from './place.js';
import { formatMs } from './quantities.js';
import { showControls } from './terminal.js';
import { withCore } from './withCore.js';
import { findWorkspaceOfFile } from './workspace.js';

export const completeCommand: Command = {
  name: 'complete',
  usage: 'FILE:LINE:COLUMN',
  summary: 'shows the completion at a place, where it is from, or why there is none',
  description: `
Line and column are counted from 1, columns in characters, as compilers print them; the cursor stands before that column.
What is right of the cursor stays as it is, as in an editor.
A model that is slow is waited for, unlike in an editor.`,
  options: {
    'show-prompt': {
      type: 'boolean',
      help: 'What a model would be sent for this place, with secrets masked. Sends nothing.',
    },
  },
  positionals: [1, 1],
  async run(invocation) {
    const { host } = invocation;
    const place = parsePlace(invocation.positionals[0] ?? '', host.cwd);
    const text = await readText(place.path);
    const offset = offsetOfPlace(text, place);
    const folder =
      invocation.option('folder') === null ? findWorkspaceOfFile(place.path, host.cwd) : invocation.folder();
    const asksPrompt = invocation.flag('show-prompt');
    return withCore(host, folder, async ({ core }) => {
      const snapshot: DocSnapshot = { uri: pathToUri(place.path), path: place.path, languageId: '', version: 1, text };
      core.open(snapshot);
      await core.models.start(host.signal);
      if (asksPrompt) return showPrompt(core, snapshot, offset, host.signal);
      // Here nobody types: the model gets to see all there is, as --show-prompt shows it.
      await gatherAll(core, snapshot, offset, host.signal);
      const startedMs = performance.now();
      const answer = await completeInTime(
        core.completer,
        { snapshot, offset, trigger: 'invoked', selected: null },
        host.signal,
      );
      const ms = performance.now() - startedMs;
      // Asked now: what is printed is made when everything has been closed.
      const trouble = troubleOf(core.models.status());
      return {
        exit: answer.items.length === 0 ? exitCodes.nothing : exitCodes.done,
        json: {
          items: answer.items.map(item => itemDocument(item, text)),
          reason: answer.reason,
          ms: Number(ms.toFixed(3)),
        },
        text: paint => describeAnswer({ answer, snapshot, offset, folder, ms, trouble }, paint),
      };
    });
  },
};

/** How long a model may take here, where nobody types on. */
const longestWaitMs = 60_000;
const againMs = 500;

/** Asks again when a model has answered that was too slow for the first request. */
async function completeInTime(
  completer: Completer,
  request: CompletionRequest,
  signal: AbortSignal,
): Promise<CompletionAnswer> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(longestWaitMs)]);
  for (;;) {
    let stop = (): void => {};
    const ready = new Promise<void>(resolve => {
      const forget = completer.onReady(() => resolve());
      const leave = onAbort(limited, resolve);
      stop = () => {
        forget();
        leave();
      };
    });
    try {
      const answer = await completer.complete(request, signal);
      if (answer.reason !== 'waiting' || limited.aborted) return answer;
      // A model that fails tells nobody: it is looked after, too.
      await Promise.race([ready, pause(againMs, undefined, { ref: false })]);
      signal.throwIfAborted();
    } finally {
      stop();
    }
  }
}

/** Long enough for every source: here nobody waits for a keystroke. */
const contextDeadlineMs = 5000;
/** For a model that is not there yet. */
const usualPromptTokens = 2048;

async function showPrompt(core: Core, snapshot: DocSnapshot, offset: number, signal: AbortSignal): Promise<Outcome> {
  const serving = core.models.serving('inline', snapshot.languageId, snapshot.path);
  const prompt = await gatherAll(core, snapshot, offset, signal);
  const preview = await core.models.preview(prompt);
  const model = 'model' in serving ? `${serving.backend}/${serving.model}` : null;
  const where =
    'model' in serving
      ? `${model ?? ''} at ${serving.host} would be sent this:`
      : `Nobody would be sent this: ${serving.why}`;
  return {
    exit: exitCodes.done,
    json: { prompt: preview, model, host: 'host' in serving ? serving.host : null },
    text: paint => `${paint.bold(where)}\n\n${preview}`,
  };
}

async function gatherAll(
  core: Pick<Core, 'context' | 'models'>,
  snapshot: DocSnapshot,
  offset: number,
  signal: AbortSignal,
): Promise<FillInPrompt> {
  const serving = core.models.serving('inline', snapshot.languageId, snapshot.path);
  const budgetTokens = 'promptTokens' in serving ? serving.promptTokens : usualPromptTokens;
  const asked = { snapshot, offset, budgetTokens, deadlineMs: contextDeadlineMs };
  return (await core.context.gather(asked, signal)).prompt;
}

/** What is wrong with the backends, for whoever wonders why no model answered. */
function troubleOf({ backends, notices }: ModelsStatus): string {
  const troubled = [
    ...new Set([...backends.filter(({ why }) => why !== '').map(({ name, why }) => `${name}: ${why}`), ...notices]),
  ];
  const more = troubled.length - mostTroubles;
  if (more <= 0) return troubled.join('\n');
  return [...troubled.slice(0, mostTroubles), `And ${more} more; understudy models lists them.`].join('\n');
}

const mostTroubles = 5;

/** As it stands in the file; a byte order mark is no part of the first line. */
async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw fileFailure(error, path);
  }
}

function itemDocument({ text, start, end, source, confidence, origin }: Completion, documentText: string): object {
  const starts = lineStartsOf(documentText);
  return {
    text,
    range: { start: positionAt(starts, start), end: positionAt(starts, end) },
    source,
    confidence,
    origin,
  };
}

interface Answered {
  readonly answer: CompletionAnswer;
  readonly snapshot: DocSnapshot;
  readonly offset: number;
  readonly folder: string;
  readonly ms: number;
  readonly trouble: string;
}

function describeAnswer({ answer, snapshot, offset, folder, ms, trouble }: Answered, paint: Paint): string {
  const item = answer.items[0];
  if (item === undefined) {
    const reason = answer.reason ?? 'unsure';
    const why = aboutModels.has(reason) && trouble !== '' ? `${trouble}\n` : '';
    return `Nothing is offered here: ${reasonWords[reason]} ${paint.dim(`(${reason}, ${formatMs(ms)})`)}\n${why}`;
  }
  const lineStart = snapshot.text.lastIndexOf('\n', offset - 1) + 1;
  const before = snapshot.text.slice(lineStart, item.start);
  const typed = snapshot.text.slice(item.start, offset);
  const ahead = item.text.startsWith(typed) ? item.text.slice(typed.length) : item.text;
  const after = snapshot.text.slice(item.end).split(/\r\n?|\n/, 1)[0] ?? '';
  return (
    `${paint.dim(before)}${paint.dim(typed)}${paint.green(ahead)}${paint.dim(after)}\n\n` +
    `${describeOrigin(item, folder)}, ${Math.round(item.confidence * 100)} % sure, ${formatMs(ms)}\n`
  );
}

function describeOrigin({ origin }: Completion, folder: string): string {
  if (origin.kind === 'model') return `from ${showControls(origin.model)}`;
  if (origin.path === null || origin.line === 0) return originWords[origin.kind];
  return `from ${showControls(relative(folder, origin.path))}:${origin.line}`;
}

const originWords: Readonly<Record<Exclude<Completion['origin']['kind'], 'model'>, string>> = {
  workspace: 'from the workspace',
  document: 'from this file',
  deleted: 'from what was just deleted',
  scope: 'from the names in scope',
};

/** Where what the backends say explains it. */
const aboutModels: ReadonlySet<ReasonCode> = new Set(['no-backend', 'budget-reached', 'waiting', 'failed']);

/** Reason codes as sentences. */
export const reasonWords: Readonly<Record<ReasonCode, string>> = {
  indexing: 'the workspace is still being indexed.',
  excluded: 'the file is excluded, by an ignore file, by settings or as secret by its name.',
  disabled: 'suggestions are switched off, for all, for this language or for this file.',
  'in-comment': 'the cursor is in a comment; inline.comments completes there too.',
  'in-string': 'the cursor is in the prose of a string.',
  'in-secret': 'what stands here looks like a secret.',
  'inside-word': 'a word goes on right of the cursor.',
  unsure: 'nothing in the workspace makes a continuation likely enough.',
  superseded: 'a newer request has taken over.',
  cancelled: 'the request was cancelled.',
  'recently-rejected': 'this was offered here a moment ago and not taken.',
  'no-backend': 'no model answers, and your own code does not say enough.',
  'budget-reached': 'the budget leaves nobody to ask.',
  filtered: 'what was likely would have doubled or broken what stands there.',
  failed: 'something went wrong; the log says what.',
  'manual-only': 'suggestions come only when asked for.',
  snoozed: 'suggestions are snoozed.',
  'not-open': 'the file is not open.',
  'popup-differs': 'the selected item of the popup says something else.',
  waiting: 'the model has not answered yet.',
};
