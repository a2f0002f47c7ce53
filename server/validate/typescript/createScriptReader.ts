import type { Log } from '../../base/log.js';
import { createThreadCaller } from '../../base/threadCaller.js';
import type { Reader } from '../code/reader.js';
import type { ScriptReply, ScriptRequest } from './scriptThread.js';

export interface ScriptReaderOptions {
  /** server/validate/typescript/scriptThread. */
  readonly entry: URL;
  readonly log: Log;
}

/** TypeScript and JavaScript as the compiler reads them, in a thread that ends soon after its last question. */
export function createScriptReader({ entry, log }: ScriptReaderOptions): Reader {
  const caller = createThreadCaller<Omit<ScriptRequest, 'id'>, ScriptReply>({
    entry,
    name: 'the parser of scripts',
    log,
    idleMs: 30_000,
    deadlineMs: 30_000,
  });
  return {
    accepts: ({ path }) => /\.(?:[cm]?[jt]s|[jt]sx)$/i.test(path),
    isValid: async ({ path, text }, signal) => (await caller.ask({ path, text }, signal)).isValid,
    dispose: () => caller.rest(),
  };
}
