import { createRequire } from 'node:module';

/** Modules whose members are looked up: those that make nothing by being loaded. */
const modules = [
  'assert',
  'buffer',
  'child_process',
  'cluster',
  'constants',
  'crypto',
  'events',
  'fs',
  'fs/promises',
  'http',
];
const moreModules = [
  'https',
  'module',
  'net',
  'os',
  'path',
  'perf_hooks',
  'querystring',
  'readline',
  'stream',
  'string_decoder',
];
const lastModules = ['timers', 'tls', 'tty', 'url', 'util', 'v8', 'vm', 'worker_threads', 'zlib'];

/** Members that Node's modules have where we run, documented or not: declarations leave out what is deprecated. */
export function readRuntimeNames(): ReadonlySet<string> {
  const load = createRequire(import.meta.url);
  const found = new Set<string>(Object.getOwnPropertyNames(process));
  for (const module of [...modules, ...moreModules, ...lastModules]) {
    const loaded: unknown = load(`node:${module}`);
    if (typeof loaded !== 'object' && typeof loaded !== 'function') continue;
    for (const name of Object.getOwnPropertyNames(loaded)) found.add(name);
  }
  return found;
}
