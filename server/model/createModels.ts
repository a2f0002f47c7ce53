import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../base/log.js';
import type { Settings } from '../config/schema.js';
import { createSecretFinder } from '../secrets/createSecretFinder.js';
import { ModelFailure, type Backend, type BackendConfig, type Generation } from './backend.js';
import { createBackend as createRealBackend } from './backends/createBackend.js';
import { createBudget, hasUsdLimit, unpriced } from './budget.js';
import { hostOf, runsHere, walkChain, type Candidate, type OverBudget, type Walk } from './chain.js';
import { createConsent } from './consent.js';
import { discoverLocal } from './discover.js';
import { createEmbedder } from './embedding.js';
import { renderFor } from './fim/renderFor.js';
import { textOf } from './fim/rendered.js';
import { fitPrompt } from './fit.js';
import { createKeys, type RunProgram } from './keys.js';
import { createLately } from './lately.js';
import { createLedger, type Ledger } from './ledger.js';
import { createMeasured } from './measured.js';
import type { Answering, Models, Serving, Unserved } from './models.js';
import { modelsStatus } from './modelsStatus.js';
import { filesOfChat, filesOfFillIn, refuseExcluded, textOfFillIn, withoutExcluded } from './outgoing.js';
import { previewChat, previewFillIn } from './preview.js';
import { priceOf } from './prices.js';
import { createRoster, sentenceOf, type Found } from './probing.js';
import type { FillInPrompt, Sampling, Task } from './prompt.js';
import { createRedactor } from './redact.js';
import type { Redacted, Redactor } from './redactor.js';
import { reachedWords } from './reachedWords.js';
import { retrying } from './retrying.js';
import { createSender, type Job } from './sending.js';
import { isCold, promptTokensOf, servingOf } from './serving.js';
import { proxiesOf } from './transportProxy.js';

export interface ModelsOptions {
  readonly settings: (path: string | null) => Settings;
  /** Where keys are taken from, and the proxy. Never a file of a workspace. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ledger and spending. */
  readonly stateRoot: string;
  readonly log: Log;
  readonly now: () => number;
  /** Asked again for every file that a prompt names. */
  readonly isAllowed: (path: string) => boolean;
  /** The real ones, unless a test has its own. */
  readonly createBackend?: (config: BackendConfig) => Backend;
  /** Servers that run on this machine. */
  readonly discover?: (signal: AbortSignal) => Promise<readonly Found[]>;
  readonly redactor?: Redactor;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Runs the program that prints a key. */
  readonly runProgram?: RunProgram;
  /** Before the first repetition of a request that failed. */
  readonly retryMs?: number;
}

/** The gateway: what goes through it is allowed, within budget, redacted, and in the ledger before it leaves. */
export function createModels(options: ModelsOptions): Models {
  const { settings, env, stateRoot, log, now, isAllowed, retryMs = 500 } = options;
  const {
    createBackend = config => createRealBackend(config, { proxyOf: proxiesOf(env), now }),
    discover = signal => discoverLocal(signal, { environment: env }),
    redactor = createRedactor(createSecretFinder()),
    sleep = (ms, signal) => pause(ms, undefined, { signal }),
  } = options;
  const listeners = new Set<() => void>();
  const ending = new AbortController();
  const keys = createKeys({ env, now, ...(options.runProgram === undefined ? {} : { run: options.runProgram }) });
  const consent = createConsent(changed);
  const measured = createMeasured(now);
  const lately = createLately({ sleep, ended: ending.signal, changed });
  const budget = createBudget({ stateRoot, limits: () => settings(null).budget, now, log });
  const book = createLedger({ stateRoot, now, log });
  /** Why nothing can be written down, and so nothing is sent. */
  let unwritten: string | null = null;
  const ledger: Ledger = {
    async write(sending) {
      try {
        const entry = await book.write(sending);
        unwritten = null;
        return entry;
      } catch (error) {
        const why = error instanceof ModelFailure ? sentenceOf(error) : 'The ledger cannot be written.';
        if (why !== unwritten) log.warn(why);
        unwritten = why;
        changed();
        throw error;
      }
    },
  };
  const roster = createRoster({
    settings: () => settings(null),
    createBackend,
    discover,
    keys,
    log,
    now,
    sleep,
    changed,
  });
  const sender = createSender({
    ledger,
    budget,
    measured,
    lately,
    now,
    log,
    ended: ending.signal,
    failed: ({ known }, failure) => roster.failed(known.name, failure),
    asked: ({ known }) => roster.used(known.name),
    changed,
  });
  const embedding = createEmbedder({ walk: () => walk('embed', '', null), isAllowed, redactor, jobOf, sender });
  const warned = new Set<string>();

  return {
    async start(signal) {
      await Promise.all([budget.load(), roster.start(signal)]);
      changed();
    },
    refresh: signal => roster.refresh(signal),
    serving(task, languageId, path): Serving | Unserved {
      const { usable, unserved } = walk(task, languageId, path);
      const first = usable[0];
      if (unserved !== null || first === undefined) return unserved ?? nobody;
      return servingOf(first, speedOf(first), samplingOf(task, path).maxTokens, now());
    },
    async fillIn({ prompt, isSpeculative }, signal) {
      const candidates = usableOf(walk('inline', prompt.languageId, prompt.path));
      const allowed = withoutExcluded(prompt, isAllowed);
      const sampling = samplingOf('inline', prompt.path);
      const paths = pathsOf(allowed);
      const redacted = new Map<FillInPrompt, Promise<Redacted<FillInPrompt>>>();
      return firstThatAnswers(candidates, async candidate => {
        const fitted = fitPrompt(allowed, promptTokensOf(candidate, speedOf(candidate), sampling.maxTokens));
        const redacting = redacted.get(fitted) ?? redactFillIn(fitted);
        redacted.set(fitted, redacting);
        const { value, redactions } = await redacting;
        signal.throwIfAborted();
        const job: Job = {
          ...jobOf(candidate, 'inline', paths, () => previewFillIn(value)),
          urgency: isSpeculative ? 'ahead' : 'inline',
          files: filesOfFillIn(fitted),
          redactions,
          text:
            candidate.model.fillIn === null ? textOfFillIn(value) : textOf(renderFor(candidate.model.fillIn, value)),
          maxTokens: sampling.maxTokens,
        };
        const run = (running: AbortSignal): Generation =>
          candidate.known.backend.fillIn(candidate.model, value, sampling, running);
        return sender.stream(job, run, signal);
      });
    },
    async chat(task, languageId, prompt, signal) {
      const paths = prompt.passages.map(({ path }) => path);
      const candidates = usableOf(walk(task, languageId, paths[0] ?? null));
      refuseExcluded(prompt.passages, isAllowed);
      const { value, redactions } = isRedacting(paths)
        ? await redactor.chat(prompt.messages)
        : { value: prompt.messages, redactions: [] };
      signal.throwIfAborted();
      const sampling = samplingOf(task, paths[0] ?? null);
      return firstThatAnswers(candidates, (candidate, isLast) => {
        const job: Job = {
          ...jobOf(candidate, task, paths, () => previewChat(value)),
          urgency: 'chat',
          files: filesOfChat(prompt),
          redactions,
          text: value.map(({ content }) => content).join('\n'),
          maxTokens: sampling.maxTokens,
        };
        const run = (running: AbortSignal): Generation =>
          candidate.known.backend.chat(candidate.model, value, sampling, running);
        // With somebody else to ask, a long wait for this one is no help.
        return retrying(() => sender.stream(job, run, signal), { retries: isLast ? 2 : 1, firstMs: retryMs }, signal);
      });
    },
    embedder: () => embedding.embedder(),
    async preview(prompt) {
      const { usable } = walk('inline', prompt.languageId, prompt.path);
      const first = usable[0];
      const { maxTokens } = samplingOf('inline', prompt.path);
      const allowed = withoutExcluded(prompt, isAllowed);
      const fitted =
        first === undefined ? allowed : fitPrompt(allowed, promptTokensOf(first, speedOf(first), maxTokens));
      return previewFillIn((await redactFillIn(fitted)).value);
    },
    status: () =>
      modelsStatus({
        known: roster.list(),
        speed: speedOf,
        lately,
        spending: budget.spending(),
        problems: [...budget.problems(), ...sender.problems(), ...(unwritten === null ? [] : [unwritten])],
        walk: task => walk(task, '', null),
        isAsking: consent.isPending(),
      }),
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settingsChanged() {
      consent.forgetRefusals();
      roster.settingsChanged();
      changed();
    },
    confirmWith: ask => consent.askWith(ask),
    async dispose() {
      ending.abort();
      consent.dispose();
      await roster.dispose();
      await sender.settled();
    },
  };

  function walk(task: Task, languageId: string, path: string | null): Walk {
    const own = settings(path);
    // What a task may cost is the person's to say, wherever the file lies.
    return walkChain({ settings: own, known: roster.list(), speed: speedOf, overBudget }, task, languageId);
  }

  function speedOf({ known, model }: Candidate): ReturnType<typeof measured.speed> {
    return measured.speed(`${known.name}/${model.name}`);
  }

  function overBudget(candidate: Candidate): OverBudget | null {
    const { daily, monthly } = budget.spending();
    if (daily.state === 'reached') return { why: reachedWords('day', daily), is: 'reached' };
    if (monthly.state === 'reached') return { why: reachedWords('month', monthly), is: 'reached' };
    if (!hasUsdLimit(settings(null).budget) || priceFor(candidate) !== null) return null;
    return { why: sentenceOf(unpriced(candidate.model.name)), is: 'unpriced' };
  }

  function priceFor(candidate: Candidate): ReturnType<typeof priceOf> {
    return priceOf(hostOf(candidate), candidate.model.name, settings(null).budget.prices);
  }

  function jobOf(
    candidate: Candidate,
    task: Task,
    paths: readonly (string | null)[],
    preview: () => string,
  ): Pick<Job, 'task' | 'candidate' | 'isCold' | 'isLogged' | 'price' | 'key' | 'allowed'> {
    const { known, model } = candidate;
    return {
      task,
      candidate,
      isCold: isCold(candidate, speedOf(candidate), now()),
      isLogged: strictest(paths, own => own.privacy.ledger),
      price: runsHere(candidate) ? null : priceFor(candidate),
      key: keys.of(known.settings.key),
      async allowed(signal) {
        const asks = (level: string): boolean => level === 'always' || (level === 'remote' && !runsHere(candidate));
        if (!strictest(paths, own => asks(own.privacy.confirm))) return;
        const question = { backend: known.name, model: model.name, host: hostOf(candidate), task, preview: preview() };
        // Only a person who asked for something is there to be waited for.
        if (task === 'inline' || task === 'embed') await consent.now(question);
        else await consent.wait(question, signal);
      },
    };
  }

  async function redactFillIn(prompt: FillInPrompt): Promise<Redacted<FillInPrompt>> {
    if (isRedacting(pathsOf(prompt))) return redactor.fillIn(prompt);
    // What stands around it is for redaction alone, and is never sent.
    const { around: _, ...value } = prompt;
    return Promise.resolve({ value, redactions: [] });
  }

  function isRedacting(paths: readonly (string | null)[]): boolean {
    return strictest(paths, own => own.privacy.redact);
  }

  /** A workspace may be stricter than the next, and a prompt may hold text of both. */
  function strictest(paths: readonly (string | null)[], isStrict: (own: Settings) => boolean): boolean {
    return [null, ...new Set(paths)].some(path => isStrict(settings(path)));
  }

  function samplingOf(task: Task, path: string | null): Sampling {
    return settings(path).sampling[task === 'embed' ? 'chat' : task];
  }

  function changed(): void {
    tellBudget();
    for (const listener of listeners) listener();
  }

  function tellBudget(): void {
    const { daily, monthly } = budget.spending();
    const today = new Date(now()).toDateString();
    for (const [period, spending] of [['day', daily] as const, ['month', monthly] as const]) {
      const { state } = spending;
      // What is set aside for requests under way comes and goes; each thing is said once a day.
      const told = `${today} ${period} ${state}`;
      if (state === 'within' || warned.has(told)) continue;
      warned.add(told);
      if (state === 'warned') log.warn(`80 % of the budget of the ${period} is used.`);
      if (state === 'reached') log.warn(reachedWords(period, spending));
    }
  }
}

const nobody: Unserved = { reason: 'no-backend', why: 'No model can be asked.' };

function usableOf({ usable, unserved }: Walk): readonly Candidate[] {
  if (unserved === null) return usable;
  throw new ModelFailure(unserved.reason === 'budget-reached' ? 'budget-reached' : 'unreachable', unserved.why);
}

/** Down the chain, as long as nobody has begun to answer. */
async function firstThatAnswers(
  candidates: readonly Candidate[],
  ask: (candidate: Candidate, isLast: boolean) => Promise<Answering>,
): Promise<Answering> {
  let failure: ModelFailure | null = null;
  for (const [index, candidate] of candidates.entries()) {
    try {
      return await ask(candidate, index === candidates.length - 1);
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error;
      failure = error;
    }
  }
  throw failure ?? new ModelFailure('unreachable', nobody.why);
}

function pathsOf({ path, related }: FillInPrompt): readonly (string | null)[] {
  return [path, ...related.map(passage => passage.path)];
}
