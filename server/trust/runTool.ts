import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { Failure } from '../base/failure.js';

export interface ToolRun {
  /** Absolute, as `findExecutable` gives it. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What the tool reads; null where it reads nothing. */
  readonly stdin: string | Buffer | null;
  readonly timeoutMs: number;
  /** Of stdout and of stderr, each; 4 MiB where it is not given. */
  readonly maxOutputBytes?: number;
  /** All of it, as `cleanEnvironment` gives it: nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ToolResult {
  /** Null where a signal ended it, ours or another. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** It printed more than allowed and was ended; what came before is there. */
  readonly overran: boolean;
}

const defaultMaxOutputBytes = 4 * 1024 * 1024;
/** How long output may still come when the tool itself has ended. */
const drainMs = 500;

/**
 * Runs a program to its end without a shell, in a process group of its own that is ended as a whole: when it took too long,
 * printed too much, was aborted, and also when it ended by itself and left something behind.
 * Raises the signal's reason; Failure `bad-input` for a path that is not absolute, `unavailable` where it cannot be started.
 */
export async function runTool(run: ToolRun, signal: AbortSignal): Promise<ToolResult> {
  signal.throwIfAborted();
  const { file, args, cwd, stdin, timeoutMs, env, maxOutputBytes = defaultMaxOutputBytes } = run;
  if (!isAbsolute(file)) throw new Failure('bad-input', `${file} is no absolute path of a program.`);
  if ([file, cwd, ...args].some(text => text.includes('\0')))
    throw new Failure('bad-input', 'A program cannot be given a NUL.');
  const child = spawn(file, [...args], {
    cwd,
    env: { ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let timedOut = false;
  let overran = false;
  const stop = (): void => endGroup(child);
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  // Node warns of more listeners than it expects; those many tools end by their own time limits.
  if (process.listenerCount('exit') < process.getMaxListeners()) process.once('exit', stop);
  const tooMuch = (): void => {
    overran = true;
    stop();
  };
  const stdout = collect(child.stdout, maxOutputBytes, tooMuch);
  const stderr = collect(child.stderr, maxOutputBytes, tooMuch);
  // A tool that ends early closes its input; what it printed tells more than the broken pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin ?? undefined);
  try {
    const exit = await ended(child, file);
    signal.throwIfAborted();
    return { exit, stdout: stdout(), stderr: stderr(), timedOut, overran };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    process.removeListener('exit', stop);
  }
}

function collect(stream: NodeJS.ReadableStream, maxBytes: number, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => {
    if (bytes >= maxBytes) return;
    chunks.push(chunk.subarray(0, maxBytes - bytes));
    bytes += chunk.length;
    if (bytes > maxBytes) onTooMuch();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** The exit code, when all that it printed is read: what it left behind may hold its output open for ever. */
function ended(child: ChildProcess, file: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let draining: NodeJS.Timeout | undefined;
    child.on('error', error => {
      clearTimeout(draining);
      if (child.pid === undefined)
        reject(new Failure('unavailable', `${file} could not be started.`, { cause: error }));
    });
    child.on('exit', () => {
      endGroup(child);
      draining = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, drainMs);
    });
    child.on('close', code => {
      clearTimeout(draining);
      resolve(code);
    });
  });
}

/** On POSIX the group outlives its first process as long as one is in it, so that its number belongs to no other. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const system = process.env['SystemRoot'] ?? 'C:\\Windows';
    spawnSync(join(system, 'System32', 'taskkill.exe'), ['/pid', String(child.pid), '/t', '/f'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // There is nobody left in it.
  }
}
