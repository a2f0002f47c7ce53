import { randomUUID } from 'node:crypto';
import type { Session } from './session.js';

export interface Progress {
  /** `percentage` from 0 to 100. */
  report(percentage: number, message: string): void;
  end(message: string): void;
}

/** Work-done progress begun by the server; silent where the client has none. */
export function beginProgress(session: Pick<Session, 'client' | 'request' | 'notify'>, title: string): Progress {
  if (!session.client.workDoneProgress) return { report: () => {}, end: () => {} };
  const token = `understudy-${randomUUID()}`;
  // A client that refuses the token is not told anything more.
  const created = session.request('window/workDoneProgress/create', { token }).then(
    () => true,
    () => false,
  );
  const tell = (value: object): void => {
    void created.then(open => open && session.notify('$/progress', { token, value }));
  };
  tell({ kind: 'begin', title, percentage: 0, cancellable: false });
  let last = 0;
  let ended = false;
  return {
    report(percentage, message) {
      if (ended) return;
      // The specification wants percentages that never fall.
      last = Math.max(last, Math.min(100, Math.round(percentage)));
      tell({ kind: 'report', percentage: last, message });
    },
    end(message) {
      if (ended) return;
      ended = true;
      tell({ kind: 'end', message });
    },
  };
}
