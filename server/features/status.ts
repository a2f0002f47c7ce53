import { pathToUri } from '../base/paths.js';
import type { CoreStatus } from '../core.js';
import type { Feature } from '../lsp/feature.js';
import { readNothing } from '../lsp/read.js';
import type { Session } from '../lsp/session.js';

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
  }[];
  readonly backends: readonly never[];
  readonly budget: null;
  readonly reasons: Readonly<Record<string, number>>;
  readonly snoozedUntil: string | null;
  /** What became of suggestions, by language. */
  readonly outcomes: ReturnType<StatusSource['completer']['outcomes']>;
  readonly recall: { readonly files: number; readonly tokens: number; readonly bytes: number } | null;
}

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
  core: Pick<StatusSource, 'status' | 'completer' | 'recall'>,
): StatusReport {
  const { state, message, folders } = core.status();
  const until = core.completer.switches.snoozedUntilMs();
  const { files, tokens, bytes } = core.recall.stats();
  return {
    state,
    message,
    folders: folders.map(({ folder, index }) => ({
      uri: pathToUri(folder),
      files: index.files,
      indexed: index.indexed,
      pending: index.pending,
      skipped: index.skipped,
    })),
    backends: [],
    budget: null,
    reasons: session.trace.reasons(),
    snoozedUntil: until === 0 ? null : new Date(until).toISOString(),
    outcomes: core.completer.outcomes(),
    recall: { files, tokens, bytes },
  };
}

type StatusSource = Awaited<ReturnType<Session['core']>>;

function tellChanges(session: Session): void {
  let timer: NodeJS.Timeout | null = null;
  let told = '';
  session.onStatus(() => {
    timer ??= setTimeout(() => {
      timer = null;
      const core = session.loadedCore();
      if (core === null) return;
      const report = reportStatus(session, core);
      // Counts of reasons change with each request; they alone are no news.
      const news = JSON.stringify({ ...report, reasons: null, outcomes: null });
      if (news === told) return;
      told = news;
      session.notify('understudy/didChangeStatus', report);
    }, coalesceMs);
    timer.unref();
  });
}
