import type { Log } from '../base/log.js';
import type { Settings } from '../config/schema.js';
import type { CommandHost } from './command.js';

/** Warnings and errors only: the rest is for the log of an editor. */
export function stderrLog(host: CommandHost, settings: Settings): Log {
  const write = (message: string, error?: unknown): void => {
    host.stderr.write(`${message}${error instanceof Error ? `: ${error.message}` : ''}\n`);
  };
  const loud = settings.log.level === 'debug';
  return {
    error: write,
    warn: write,
    info: message => void (loud && write(message)),
    debug: message => void (loud && write(message)),
  };
}
