import type { VectorsStatus } from '../../index/codeIndex.js';
import { pathToUri } from '../base/paths.js';
import type { CoreStatus } from '../core.js';
import type { Feature } from '../lsp/feature.js';
import { readNothing } from '../lsp/read.js';
import type { Session } from '../lsp/session.js';
import type { BackendStatus, ModelsStatus } from '../model/models.js';
import { reachedWords } from '../model/reachedWords.js';
import type { Trust } from '../trust/trust.js';

/** `understudy/status` as the contract has it. */
export interface StatusReport {
  readonly state: CoreStatus['state'];
  readonly message: string;
  readonly folders: readonly {
    readonly uri: string;
    readonly files: number;
    readonly indexed: number;
    readonly pending: number;
    readonly skipped: Readonly<Record<string, number>>;
    /** Whether what lies in it may run, and why. */
    readonly trust: { readonly trusted: boolean; readonly why: string };
    /** How far a model is with the vectors of all chunks; absent where none makes any. */
    readonly vectors?: VectorsStatus;
  }[];
  readonly backends: readonly BackendReport[];
  readonly budget: ModelsStatus['budget'];
  /** By task, who is asked, first to last: `backend/model`. */
  readonly tasks: ModelsStatus['tasks'];
  /** URIs of files with instructions that models get to see. */
  readonly instructions: readonly string[];
  readonly reasons: Readonly<Record<string, number>>;
  readonly snoozedUntil: string | null;
  /** What became of suggestions, by language. */
  readonly outcomes: ReturnType<StatusSource['completer']['outcomes']>;
  readonly recall: { readonly files: number; readonly tokens: number; readonly bytes: number } | null;
}

/** One server with models; what each of them can do, `understudy models` tells. */
export type BackendReport = Omit<BackendStatus, 'models'>;

/** Changes closer to one another than this are told once. */
const coalesceMs = 200;

/** The status, asked for by request or command, and told when it changes. */
export const status: Feature = {
  id: 'status',
  register(session, handlers) {
    const report = async (): Promise<StatusReport> => reportStatus(session, await session.core());
    handlers.request({ method: 'understudy/status', empty: null, read: readNothing, handle: report });
    handlers.command('understudy.status', report);
    tellChanges(session);
  },
};

export function reportStatus(
  session: Session,
  core: Pick<StatusSource, 'status' | 'completer' | 'recall' | 'models' | 'context' | 'trust'>,
): StatusReport {
  const { state, message, folders } = core.status();
  const until = core.completer.switches.snoozedUntilMs();
  const { files, tokens, bytes } = core.recall.stats();
  const { backends, budget, tasks } = core.models.status();
  return {
    state,
    message,
    folders: folders.map(({ folder, index }) => ({
      uri: pathToUri(folder),
      files: index.files,
      indexed: index.indexed,
      pending: index.pending,
      skipped: index.skipped,
      trust: trustIn(core.trust, folder),
      ...(index.vectors === undefined ? {} : { vectors: index.vectors }),
    })),
    backends: backends.map(({ models: _, ...backend }) => backend),
    budget,
    tasks,
    instructions: core.context.instructionFiles().map(pathToUri),
    reasons: session.trace.reasons(),
    snoozedUntil: until === 0 ? null : new Date(until).toISOString(),
    outcomes: core.completer.outcomes(),
    recall: { files, tokens, bytes },
  };
}

function trustIn(trust: Trust, folder: string): { readonly trusted: boolean; readonly why: string } {
  const { trusted, why } = trust.stateOf(folder);
  return { trusted, why };
}

type StatusSource = Awaited<ReturnType<Session['core']>>;

function tellChanges(session: Session): void {
  let timer: NodeJS.Timeout | null = null;
  let told = '';
  const warn = createBudgetWarning(session);
  session.onStatus(() => {
    timer ??= setTimeout(() => {
      timer = null;
      const core = session.loadedCore();
      if (core === null) return;
      const report = reportStatus(session, core);
      const news = JSON.stringify(newsOf(report));
      if (news === told) return;
      told = news;
      session.notify('understudy/didChangeStatus', report);
      warn(report.budget);
    }, coalesceMs);
    timer.unref();
  });
}

/** Counts and sums change with each request; they alone are no news. */
function newsOf(report: StatusReport): unknown {
  const { daily, monthly } = report.budget;
  return { ...report, reasons: null, outcomes: null, budget: [daily.state, monthly.state] };
}

const warning = 2;

/** Shown where the person looks: a budget that nears its end is none of the log's alone. */
function createBudgetWarning(session: Session): (budget: ModelsStatus['budget']) => void {
  const shown = { daily: 'within', monthly: 'within' };
  return ({ daily, monthly }) => {
    for (const [period, word, spending] of [
      ['daily', 'day', daily],
      ['monthly', 'month', monthly],
    ] as const) {
      const { state } = spending;
      if (state === shown[period]) continue;
      shown[period] = state;
      if (state === 'within') continue;
      const message =
        state === 'warned'
          ? `Understudy: 80 % of the budget of the ${word} for models is used.`
          : `Understudy: ${reachedWords(word, spending)}`;
      session.notify('window/showMessage', { type: warning, message });
    }
  };
}
