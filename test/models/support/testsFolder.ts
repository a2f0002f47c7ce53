import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the fetching scripts put things: the folder that a variable names, or one in the user's cache. */
export function testsFolder(variable: string, name: string): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return process.env[variable] ?? join(cache, 'understudy-tests', name);
}
