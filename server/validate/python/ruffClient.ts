import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { createThreadCaller } from '../../base/threadCaller.js';
import type { RuffDiagnostic, RuffReply, RuffRequest, RuffStyle } from './ruffMessages.js';

export interface RuffOptions {
  /** server/validate/python/ruffThread. */
  readonly entry: URL;
  readonly log: Log;
  /** How long the thread may say nothing while it is asked; the first question starts it and compiles its WebAssembly. */
  readonly deadlineMs?: number;
  /** How long the thread outlives the last question. */
  readonly idleMs?: number;
}

/** Ruff's linter and formatter, in a thread that starts at the first question and ends when idle. Reads no files. */
export interface Ruff {
  /**
   * `select` names rules or families of them, as in Ruff's settings. Rejects with the signal's reason, or with a Failure
   * where the thread has failed or did not answer in time.
   */
  check(text: string, select: readonly string[], signal: AbortSignal): Promise<readonly RuffDiagnostic[]>;
  /** The whole text laid out; null where it is no Python. Rejects as `check` does. */
  format(text: string, style: RuffStyle, signal: AbortSignal): Promise<string | null>;
  /** Ends the thread; the next question starts another. */
  dispose(): Promise<void>;
}

type Asked = RuffRequest extends infer Request ? (Request extends RuffRequest ? Omit<Request, 'id'> : never) : never;

export function createRuff({ entry, log, deadlineMs = 10_000, idleMs = 120_000 }: RuffOptions): Ruff {
  const caller = createThreadCaller<Asked, RuffReply>({ entry, name: 'Ruff', log, deadlineMs, idleMs });

  const ask = async (asked: Asked, signal: AbortSignal): Promise<RuffReply> => {
    const reply = await caller.ask(asked, signal);
    if (reply.type === 'failed') throw new Failure('unavailable', `Ruff failed: ${reply.message}`);
    return reply;
  };

  return {
    async check(text, select, signal) {
      const reply = await ask({ type: 'check', text, select }, signal);
      return reply.type === 'checked' ? reply.diagnostics : [];
    },
    async format(text, style, signal) {
      const reply = await ask({ type: 'format', text, style }, signal);
      return reply.type === 'formatted' ? reply.text : null;
    },
    dispose: () => caller.rest(),
  };
}
