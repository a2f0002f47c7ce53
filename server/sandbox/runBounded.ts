import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import type { Exceeded, Limits, SandboxRun } from './sandbox.js';
import { watchUse, type WatchedDisk } from './watchUse.js';

export interface BoundedCommand {
  /** Absolute path of the program that makes the sandbox, and all its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly limits: Limits;
  readonly disk: WatchedDisk;
  /** Whether the program tells on its third descriptor which process is the first inside (bubblewrap's --info-fd). */
  readonly tellsFirstProcess: boolean;
}

export type BoundedRun = Pick<
  SandboxRun,
  'exit' | 'signal' | 'stdout' | 'stderr' | 'stdoutCut' | 'stderrCut' | 'exceeded' | 'gone' | 'ms'
>;

/** Bounds from outside what cannot be bounded inside: the clock, the output, and what all processes use together. */
export async function runBounded(command: BoundedCommand, signal: AbortSignal): Promise<BoundedRun> {
  signal.throwIfAborted();
  const { argv, env, cwd, limits, tellsFirstProcess } = command;
  const startedMs = performance.now();
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    env: { ...env },
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', tellsFirstProcess ? 'pipe' : 'ignore'],
  });
  let exceeded: Exceeded | null = null;
  const end = (): void => endGroup(child);
  const exceed = (what: Exceeded): void => {
    exceeded ??= what;
    end();
  };
  const timer = setTimeout(exceed, limits.wallMs, 'time');
  signal.addEventListener('abort', end, { once: true });
  const stdout = collect(child.stdout, limits.outputBytes, () => exceed('output'));
  const stderr = collect(child.stderr, limits.outputBytes, () => exceed('output'));
  let firstProcess: number | null = null;
  let stopWatching: (() => void) | null = null;
  const watch = (pid: number | null): void => {
    firstProcess = pid;
    stopWatching ??= watchUse(pid, command.disk, limits, exceed);
  };
  if (tellsFirstProcess) readFirstProcess(child.stdio[3], watch);
  else watch(null);
  try {
    const { exit, signal: endSignal } = await ended(child);
    const gone = firstProcess === null ? null : await isGone(firstProcess);
    signal.throwIfAborted();
    return {
      ...(exceeded === null ? outcomeOf(exit, endSignal) : { exit: null, signal: 'SIGKILL' }),
      ...{ stdout: stdout.text(), stderr: stderr.text(), stdoutCut: stdout.isCut(), stderrCut: stderr.isCut() },
      exceeded,
      gone,
      ms: performance.now() - startedMs,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    (stopWatching as (() => void) | null)?.();
  }
}

interface Collected {
  readonly text: () => string;
  readonly isCut: () => boolean;
}

function collect(stream: Readable | null, maxBytes: number, onTooMuch: () => void): Collected {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on('error', () => {});
  stream?.on('data', (chunk: Buffer) => {
    if (bytes < maxBytes) chunks.push(chunk.subarray(0, maxBytes - bytes));
    bytes += chunk.length;
    if (bytes > maxBytes) onTooMuch();
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), isCut: () => bytes > maxBytes };
}

function readFirstProcess(stream: unknown, onKnown: (pid: number) => void): void {
  if (typeof stream !== 'object' || stream === null || !('on' in stream) || typeof stream.on !== 'function') return;
  let text = '';
  const readable = stream as Readable;
  readable.on('error', () => {});
  readable.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    const pid = /"child-pid": (\d+)/.exec(text)?.[1];
    if (pid !== undefined) onKnown(Number(pid));
  });
}

/** Rejects with the error of a program that cannot be started. */
function ended(child: ChildProcess): Promise<{ readonly exit: number | null; readonly signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve({ exit, signal }));
  });
}

/** bubblewrap ends with 128 and the number of the signal that ended the program, as a shell does. */
function outcomeOf(
  exit: number | null,
  signal: string | null,
): { readonly exit: number | null; readonly signal: string | null } {
  if (exit === null || exit <= 128) return { exit, signal };
  const name = Object.entries(constants.signals).find(([, number]) => number === exit - 128)?.[0];
  return name === undefined ? { exit, signal } : { exit: null, signal: name };
}

/**
 * The kernel ends a namespace with its first process, which lasts until all others are gone; that nobody has asked how it ended
 * (`Z`) does not matter.
 */
async function isGone(firstProcess: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries++) {
    const stat = await readFile(`/proc/${firstProcess}/stat`, 'utf8').catch(() => null);
    if (stat === null || /^Z|^X/.test(stat.split(') ').pop() ?? '')) return true;
    await pause(10);
  }
  return false;
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // There is nobody left in it.
  }
}
