import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToUri } from '../base/paths.js';
import { isRecord } from '../base/record.js';
import type { Feature } from '../lsp/feature.js';
import type { Session } from '../lsp/session.js';
import type { SendingAnswer, SendingQuestion } from '../model/models.js';

const actions = [
  { title: 'Send', answer: 'send' },
  { title: 'Send all of this session', answer: 'session' },
  { title: 'Do not send', answer: 'no' },
] as const satisfies readonly { readonly title: string; readonly answer: SendingAnswer }[];

const information = 3;

/** Shows a prompt before it goes, where `privacy.confirm` says so, and asks. */
export const confirming: Feature = {
  id: 'confirming',
  register(session) {
    session.onInitialized(() => {
      session.core().then(
        core => core.models.confirmWith((question, signal) => ask(session, question, signal)),
        // Whoever loads the core tells why it cannot be loaded.
        () => {},
      );
    });
  },
};

/** Rejects with the signal's reason when nobody waits for the answer any more. */
async function ask(session: Session, question: SendingQuestion, signal: AbortSignal): Promise<SendingAnswer> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-prompt-'));
  try {
    const path = join(folder, 'prompt.txt');
    await writeFile(path, question.preview, { mode: 0o600 });
    show(session, path);
    const answer = session.request('window/showMessageRequest', {
      type: information,
      message: `Understudy: send this prompt to ${question.model} at ${question.host}? It stands in ${path}.`,
      actions: actions.map(({ title }) => ({ title })),
    });
    return readAnswer(await orAborted(answer, signal));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An editor that cannot show it says so, or nothing; the question names the file all the same. */
function show(session: Session, path: string): void {
  session
    .request('window/showDocument', { uri: pathToUri(path), takeFocus: false })
    .catch(() => session.log.debug('The editor does not show documents.'));
}

/** Closing the question is no yes. */
function readAnswer(chosen: unknown): SendingAnswer {
  const title = isRecord(chosen) ? chosen['title'] : null;
  return actions.find(action => action.title === title)?.answer ?? 'no';
}

function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void =>
      reject(signal.reason instanceof Error ? signal.reason : new Error('Nobody waits for it.'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
