import { execFile } from 'node:child_process';
import type { KeySource } from '../config/backendSettings.js';
import { ModelFailure } from './backend.js';
import { homeFolder } from '../base/homeFolder.js';

/** Where the person's keys come from. A key is kept in memory only, and stands in no message. */
export interface Keys {
  /** Asked for at each request. Rejects with ModelFailure, `unauthorized`, where there is none. */
  of(source: KeySource | null): (signal: AbortSignal) => Promise<string | null>;
  /** A key was refused: a command is asked again before its time. */
  forget(source: KeySource | null): void;
}

/** Runs a program and resolves with what it printed. */
export type RunProgram = (command: readonly string[], signal: AbortSignal) => Promise<string>;

export interface KeysOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly run?: RunProgram;
}

const keptMs = 5 * 60_000;

export function createKeys({ env, now, run = runProgram(env) }: KeysOptions): Keys {
  const kept = new Map<string, { readonly key: string; readonly untilMs: number }>();
  return {
    of: source => async signal => {
      if (source === null) return null;
      return 'env' in source ? fromEnvironment(source.env) : await fromCommand(source.command, signal);
    },
    forget(source) {
      if (source !== null && 'command' in source) kept.delete(nameOf(source.command));
    },
  };

  function fromEnvironment(name: string): string {
    const key = env[name]?.trim() ?? '';
    if (key !== '') return checked(key, `the variable ${name}`);
    throw new ModelFailure('unauthorized', `The key is to be in the variable ${name}, and that is not set.`, {
      remedy: `Set ${name} where the editor is started from, or name a program that prints the key: "key": {"command": [PROGRAM, …]}.`,
    });
  }

  async function fromCommand(command: readonly string[], signal: AbortSignal): Promise<string> {
    const name = nameOf(command);
    const known = kept.get(name);
    if (known !== undefined && known.untilMs > now()) return known.key;
    const key = checked(firstLine(await run(command, signal)), `what ${command[0] ?? ''} prints`);
    kept.set(name, { key, untilMs: now() + keptMs });
    return key;
  }
}

/** A line break or a control character would end the header that the key is sent in. */
function checked(key: string, where: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new ModelFailure('unauthorized', `There is no usable key in ${where}.`, {
    remedy: 'A key is one word, on a line of its own.',
  });
}

function firstLine(output: string): string {
  return (output.split(/\r?\n/).find(line => line.trim() !== '') ?? '').trim();
}

function nameOf(command: readonly string[]): string {
  return JSON.stringify(command);
}

const limitMs = 5000;

/** Without a shell, away from any workspace. Neither what it prints nor what it complains about is told to anybody. */
function runProgram(env: Readonly<Record<string, string | undefined>>): RunProgram {
  return ([program = '', ...args], signal) =>
    new Promise((resolve, reject) => {
      const options = {
        cwd: homeFolder(),
        env,
        timeout: limitMs,
        maxBuffer: 65536,
        windowsHide: true,
        signal,
      } as const;
      const child = execFile(program, args, options, (error, stdout) => {
        if (error === null) resolve(stdout);
        else if (signal.aborted) reject(signal.reason instanceof Error ? signal.reason : error);
        else reject(commandFailed(program, error));
      });
      child.stdin?.end();
    });
}

function commandFailed(program: string, error: Error): ModelFailure {
  const code = 'code' in error ? error.code : null;
  const isSlow = 'killed' in error && error.killed === true;
  const what = isSlow
    ? `took longer than ${limitMs / 1000} s`
    : code === 'ENOENT'
      ? 'was not found'
      : `failed (${typeof code === 'number' ? `exit code ${code}` : String(code)})`;
  return new ModelFailure('unauthorized', `The program for the key, ${program}, ${what}.`, {
    remedy: 'Run it in a terminal: it must print the key, and ask nothing.',
  });
}
