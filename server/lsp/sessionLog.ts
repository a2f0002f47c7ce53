import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log, LogLevel } from '../base/log.js';

export interface SessionLogOptions {
  readonly level: () => LogLevel;
  /** The file that gets the log too, or null. */
  readonly file: () => string | null;
  /** `type` is a MessageType of window/logMessage. */
  readonly send: (type: number, message: string) => void;
  readonly now: () => number;
}

const ranks: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };
/** 4 is "log": clients older than 3.18 do not know 5, "debug". */
const messageTypes: Readonly<Record<LogLevel, number>> = { error: 1, warn: 2, info: 3, debug: 4 };
const maxFileBytes = 5 * 1024 * 1024;

/** Messages to the editor's log and, where asked for, to a file. Callers hand over no code; see Log. */
export function createSessionLog({ level, file, send, now }: SessionLogOptions): Log {
  let brokenFile: string | null = null;

  return {
    error: (message, error) => write('error', message, error),
    warn: (message, error) => write('warn', message, error),
    info: message => write('info', message),
    debug: message => write('debug', message),
  };

  function write(at: LogLevel, message: string, error?: unknown): void {
    if (ranks[at] > ranks[level()]) return;
    const full = error === undefined ? message : `${message} ${describe(error)}`;
    send(messageTypes[at], full);
    const path = file();
    if (path !== null && path !== brokenFile) append(path, `${new Date(now()).toISOString()} ${at} ${full}\n`);
  }

  function append(path: string, line: string): void {
    try {
      if (sizeOf(path) > maxFileBytes) renameSync(path, `${path}.1`);
      appendFileSync(path, line, { mode: 0o600 });
    } catch (error) {
      if (createFolder(path) && tryAppend(path, line)) return;
      brokenFile = path;
      send(messageTypes.warn, `The log file ${path} cannot be written (${describeCode(error)}).`);
    }
  }
}

/** The stack where there is one: it names our functions, never the person's code. */
function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function describeCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function createFolder(path: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}

function tryAppend(path: string, line: string): boolean {
  try {
    appendFileSync(path, line, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}
