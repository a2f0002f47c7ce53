import { readdir, stat } from 'node:fs/promises';
import { realPathOr } from '../base/paths.js';
import { cleanEnvironment } from '../trust/environment.js';
import { findExecutable } from '../trust/executable.js';
import { runTool } from '../trust/runTool.js';
import { bubblewrapArguments, type Programs } from './bubblewrap.js';
import { defaultLimits } from './limits.js';
import type { SandboxRefusal } from './sandbox.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Tries bubblewrap out with the very walls that programs get. As root first with a user of its own for the program. */
export async function probeBubblewrap(
  env: Environment,
  workspace: string | null,
  signal: AbortSignal,
): Promise<{ readonly kind: 'bubblewrap'; readonly programs: Programs } | SandboxRefusal> {
  const search = { path: env['PATH'], workspace };
  const bwrap = findExecutable('bwrap', search);
  if (bwrap === null)
    return none('bubblewrap is not installed.', 'Install it: apt install bubblewrap, dnf install bubblewrap.');
  // These two run inside, where only the system's folders are, not what a link to them lies in.
  const prlimit = realOf(findExecutable('prlimit', search));
  if (prlimit === null) return none('prlimit is not installed, and bubblewrap sets no limits.', 'Install util-linux.');
  const setpriv = process.getuid?.() === 0 ? realOf(findExecutable('setpriv', search)) : null;
  const ways: readonly Programs[] = [
    ...(setpriv === null ? [] : [{ bwrap, prlimit, setpriv }]),
    { bwrap, prlimit, setpriv: null },
  ];
  let said = '';
  for (const programs of ways) {
    const problem = await tryOut(programs, env, signal);
    if (problem === null) return { kind: 'bubblewrap', programs };
    said = problem;
  }
  return none(
    `bubblewrap is installed but may not make a sandbox here (${said}).`,
    'Allow user namespaces: in a container, by its security profile; on Ubuntu, by an AppArmor profile for bwrap.',
  );
}

/** What bubblewrap says against it; null where it works. */
async function tryOut(programs: Programs, env: Environment, signal: AbortSignal): Promise<string | null> {
  const walls = { readOnly: [], writable: [], home: '/understudy/home', accounts: null, cwd: '/', env: {} };
  const args = bubblewrapArguments(programs, walls, defaultLimits(), await countProcessesOfUser(), [
    '/bin/sh',
    '-c',
    ':',
  ]);
  try {
    const run = { file: programs.bwrap, args, cwd: '/', stdin: null, timeoutMs: 10_000, env: cleanEnvironment(env) };
    const { exit, stderr, timedOut } = await runTool(run, signal);
    if (exit === 0) return null;
    return timedOut ? 'it does not answer' : (stderr.trim().split('\n')[0] ?? `exit ${String(exit)}`);
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : 'it does not start';
  }
}

function none(why: string, remedy: string): SandboxRefusal {
  return { ran: false, sandbox: 'none', why, remedy, missing: 'bubblewrap' };
}

/** Threads of this user, wherever they are. */
export async function countProcessesOfUser(): Promise<number> {
  const user = process.getuid?.();
  let count = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if ((await stat(`/proc/${name}`)).uid === user) count += (await readdir(`/proc/${name}/task`)).length;
    } catch {
      // It has ended.
    }
  }
  return count;
}

function realOf(path: string | null): string | null {
  return path === null ? null : realPathOr(path);
}
