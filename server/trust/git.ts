import { spawn } from 'node:child_process';
import { Failure } from '../base/failure.js';
import { cleanEnvironment } from './environment.js';
import { findExecutable } from './executable.js';
import { findRepository } from './repository.js';

export interface GitLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** The only commands that a repository we do not trust may be asked with: none of them reads the work tree. */
export type GitCommand = 'log' | 'diff-tree' | 'cat-file';

/**
 * Runs git's own program over a repository that may be hostile: no hook, monitor, filter, pager, signature program,
 * external diff or transport of its configuration is started.
 * Raises Failure: unavailable, not-found, permission, timeout.
 */
export async function runGit(
  folder: string,
  command: GitCommand,
  args: readonly string[],
  input: string,
  limits: GitLimits,
  onOutput: (chunk: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const workspace = findRepository(folder)?.root ?? folder;
  const child = spawn(findGit(workspace), [...hardening, command, ...args], {
    cwd: folder,
    env: gitEnvironment(process.env, workspace),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let bytes = 0;
  let complaint = '';
  let overrun: Failure | null = null;
  const stop = (): void => void child.kill('SIGKILL');
  const timer = setTimeout(() => {
    overrun = tooMuch('took too long', 'timeout');
    stop();
  }, limits.timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limits.maxBytes) {
      onOutput(chunk);
      return;
    }
    overrun = tooMuch('printed too much', 'bad-input');
    stop();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, 4000);
  });
  // A child that ends early closes its input; what it said on stderr tells more than the broken pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const code = await ended(child);
    signal.throwIfAborted();
    if (overrun !== null) throw overrun;
    if (code !== 0) throw explain(folder, complaint);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

const hardening = [
  '--no-pager',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'diff.external=',
    'protocol.file.allow=never',
    'protocol.allow=never',
    // What lies in the repository as files must not be taken for a repository with settings of its own.
    'safe.bareRepository=explicit',
    'log.showSignature=false',
    'core.quotePath=false',
    'log.follow=false',
    'log.mailmap=false',
  ].flatMap(setting => ['-c', setting]),
];

/** The caller's GIT_ variables could name another repository, configuration or program: none of them is in what is clean. */
function gitEnvironment(environment: NodeJS.ProcessEnv, workspace: string): Record<string, string> {
  return {
    ...cleanEnvironment(environment, workspace),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // A partial clone would fetch what it lacks, through a program that its own configuration names.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    LC_ALL: 'C',
    LANGUAGE: 'C',
  };
}

/** By absolute path: a bare name could be looked for in the repository first. */
function findGit(workspace: string): string {
  const found = findExecutable('git', { path: process.env['PATH'], workspace });
  if (found !== null) return found;
  throw new Failure('unavailable', 'git was not found in PATH.', { remedy: 'Install git, or go on without history.' });
}

function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', error => {
      reject(new Failure('unavailable', 'git could not be started.', { cause: error }));
    });
    child.on('close', code => {
      resolve(code);
    });
  });
}

function tooMuch(what: string, kind: 'timeout' | 'bad-input'): Failure {
  return new Failure(kind, `git ${what} for this repository.`, { remedy: 'Try a folder with a smaller history.' });
}

/** git tells its reasons only in words; they are read here, at the border, in the C locale, and nowhere else. */
function explain(folder: string, complaint: string): Failure {
  if (complaint.includes('dubious ownership') || complaint.includes('safe.directory')) {
    return new Failure('permission', `The git repository of ${folder} belongs to another user, so git refuses it.`, {
      remedy: `If you trust it: git config --global --add safe.directory "${folder}"`,
    });
  }
  if (complaint.includes('not a git repository')) {
    return new Failure('not-found', `${folder} is not in a git repository.`);
  }
  if (complaint.includes('does not have any commits') || complaint.includes('unknown revision')) {
    return new Failure('not-found', `The git repository of ${folder} has no commits yet.`);
  }
  return new Failure('damaged', `git cannot read the history of ${folder}: ${complaint.trim().split('\n')[0] ?? ''}`, {
    remedy: 'Run `git fsck` there.',
  });
}
