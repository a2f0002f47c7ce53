import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { untilAborted } from '../../base/untilAborted.js';
import type { Fallen } from '../apart.js';
import type { CheckAnswer, CheckFailed, CheckMessage, CheckReply, CheckRequest } from './messages.js';

export interface CompilerProcessOptions {
  /** server/validate/typescript/typescriptProcess, a child_process.fork entry. */
  readonly entry: URL;
  /** Holds the compiler's lib.*.d.ts. */
  readonly libFolder: URL;
  readonly log: Log;
  /** The process is ended after so long without a question. */
  readonly idleMs: number;
  /** A question that takes longer ends the process; each file more than one is given a second on top. */
  readonly deadlineMs: number;
  /** A process that has grown larger is ended after its answer; one that grows by half as much again on the way dies of it. */
  readonly maxResidentMb: number;
}

export type Question = Pick<CheckRequest, 'folder' | 'files' | 'others'>;

/** The compiler in a process of its own, started at the first question and ended when idle, so that its memory is given back. */
export interface CompilerProcess {
  /**
   * One question at a time; others wait. Raises Failure `unavailable` while the process is not to be started again yet, and the
   * signal's reason; what brings the process down is an answer.
   */
  ask(question: Question, signal: AbortSignal): Promise<CheckAnswer | Fallen>;
  /** The process, while there is one. */
  pid(): number | null;
  /** Ends the process for good. */
  dispose(): Promise<void>;
}

interface Waiting {
  readonly id: number;
  /** The file that it was last busy with. */
  at: string | null;
  resolve(answer: CheckAnswer | Fallen): void;
}

interface Child {
  readonly process: ChildProcess;
  readonly gone: Promise<void>;
  waiting: Waiting | null;
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

export function createCompilerProcess(options: CompilerProcessOptions): CompilerProcess {
  const { idleMs, deadlineMs, maxResidentMb, log } = options;
  let child: Child | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  let nextId = 1;
  let disposed = false;
  let deaths = 0;
  let notBeforeMs = 0;

  const start = (): Child => {
    if (disposed) throw new Failure('unavailable', 'The compiler is closed.');
    const pauseMs = notBeforeMs - Date.now();
    if (pauseMs > 0) {
      throw new Failure(
        'unavailable',
        `The compiler's process ended ${deaths} times in a row; it is started again later.`,
        {
          remedy: 'Ask again in a minute.',
        },
      );
    }
    const started = startChild(options);
    void started.gone.then(() => {
      if (child === started) child = null;
      if (started.waiting === null) return;
      died();
      started.waiting.resolve(fallen("cannot be judged, as the compiler's process ended over it", started.waiting));
      started.waiting = null;
    });
    child = started;
    return started;
  };
  /** The first death is forgiven at once; each after it doubles the pause. */
  const died = () => {
    deaths += 1;
    if (deaths > 1) notBeforeMs = Date.now() + Math.min(firstPauseMs * 2 ** (deaths - 2), longestPauseMs);
    log.warn(`the compiler's process died, ${deaths} times in a row`);
  };
  const end = (ending: Child) => {
    if (child === ending) child = null;
    ending.process.kill('SIGKILL');
  };

  const ask: CompilerProcess['ask'] = async (question, signal) => {
    signal.throwIfAborted();
    clearTimeout(idle);
    const target = child ?? start();
    const id = nextId++;
    let timer: NodeJS.Timeout | undefined;
    const cancel = () => say(target, { kind: 'cancel', id });
    target.process.channel?.ref();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const answer = await new Promise<CheckAnswer | Fallen>(resolve => {
        const waiting: Waiting = { id, at: null, resolve };
        target.waiting = waiting;
        const limitMs = deadlineMs + 1_000 * (question.files.length - 1);
        timer = setTimeout(() => {
          target.waiting = null;
          died();
          end(target);
          const seconds = Math.round(limitMs / 1000);
          resolve(fallen(`could not be judged: the compiler did not answer within ${seconds} s`, waiting));
        }, limitMs);
        say(target, { kind: 'check', id, ...question });
      });
      if ('fellOver' in answer) return answer;
      deaths = 0;
      if (answer.residentBytes > maxResidentMb * 1e6) end(target);
      return answer;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      target.waiting = null;
      target.process.channel?.unref();
      if (child === target) {
        idle = setTimeout(() => end(target), idleMs);
        idle.unref();
      }
    }
  };

  return {
    async ask(question, signal) {
      const result = turn.then(() => ask(question, signal));
      turn = result.catch(() => {});
      // Whoever asked is let go at once; the answer is still waited for before the next question.
      return untilAborted(result, signal);
    },
    pid: () => child?.process.pid ?? null,
    async dispose() {
      disposed = true;
      clearTimeout(idle);
      const ending = child;
      if (ending === null) return;
      // Otherwise a program that has nothing else to do ends before it.
      ending.process.ref();
      end(ending);
      await ending.gone;
    },
  };
}

function say({ process: { connected, send }, process: target }: Child, message: CheckMessage): void {
  // One that has gone meanwhile is noticed by its end.
  if (connected) send?.call(target, message, undefined, undefined, () => {});
}

function startChild({ entry, libFolder, maxResidentMb, log }: CompilerProcessOptions): Child {
  const started = fork(fileURLToPath(entry), [fileURLToPath(libFolder)], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${Math.round(maxResidentMb * 1.5)}`],
    // Its output would end up in the protocol, or as an error in the editor's log.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Nothing it does depends on the environment, and nothing in the environment is to change what it does.
    env: neededEnvironment(),
    cwd: fileURLToPath(new URL('.', entry)),
  });
  const gone = new Promise<void>(resolve => {
    started.once('exit', () => resolve());
    started.once('error', () => resolve());
  });
  const child: Child = { process: started, gone, waiting: null };
  started.on('message', (reply: CheckReply) => {
    const { waiting } = child;
    if (waiting?.id !== reply.id) return;
    if ('busyWith' in reply) waiting.at = reply.busyWith;
    else waiting.resolve('bug' in reply.answer ? failedOver(reply.answer, log) : reply.answer);
  });
  started.unref();
  return child;
}

function fallen(fellOver: string, { at }: Pick<Waiting, 'at'>): Fallen {
  return { fellOver, remedy: null, at };
}

/** It lives on: only what it held of the workspace is gone. */
function failedOver({ bug, isTooDeep, at }: CheckFailed, log: Log): Fallen {
  if (isTooDeep) return fallen('is nested too deeply for the compiler', { at });
  log.error('the compiler failed', new Error(`in the compiler's process: ${bug}`));
  return fallen('cannot be judged, as the compiler fails on it; the log says how', { at });
}

/** Windows starts nothing without these. */
function neededEnvironment(): NodeJS.ProcessEnv {
  const names = ['SystemRoot', 'TEMP', 'TMP'];
  return Object.fromEntries(
    names.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
