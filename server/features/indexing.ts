import type { CoreStatus } from '../core.js';
import type { Feature } from '../lsp/feature.js';
import { beginProgress, type Progress } from '../lsp/progress.js';
import type { Session } from '../lsp/session.js';

/** Starts the index once the client can hear of it, and shows how far it is. */
export const indexing: Feature = {
  id: 'indexing',
  register(session) {
    session.onInitialized(() => {
      startIndex(session).catch((error: unknown) => {
        if (!session.ended.aborted) session.log.error('The index cannot be built.', error);
      });
    });
  },
};

async function startIndex(session: Session): Promise<void> {
  // What is excluded must be known before anything is read.
  await session.configured;
  const core = await session.core();
  let progress: Progress | null = null;
  const onProgress = (status: CoreStatus): void => {
    session.statusChanged();
    const { done, all } = countFiles(status);
    // A warm start is over before anybody could read a bar.
    if (status.state !== 'indexing' || all === 0 || done === all) return;
    progress ??= beginProgress(session, 'Understudy: indexing');
    progress.report((100 * done) / all, `${done} of ${all} files`);
  };
  try {
    await core.start(onProgress, session.ended);
  } finally {
    // Assigned in a callback, which the compiler does not follow.
    (progress as Progress | null)?.end('indexed');
    session.statusChanged();
  }
  const { all } = countFiles(core.status());
  session.log.info(`Indexed ${all} files.`);
}

function countFiles(status: CoreStatus): { readonly done: number; readonly all: number } {
  let done = 0;
  let all = 0;
  for (const { index } of status.folders) {
    done += index.indexed;
    all += index.files;
  }
  return { done, all };
}
