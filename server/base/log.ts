export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Messages never hold code, prompts or keys: paths, counts, kinds and milliseconds only. */
export interface Log {
  error(message: string, error?: unknown): void;
  warn(message: string, error?: unknown): void;
  info(message: string): void;
  debug(message: string): void;
}

export const silentLog: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
