import type { Entries } from '../../base/entries.js';
import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { createThreadCaller } from '../../base/threadCaller.js';
import { notKnown, type Validator } from '../validator.js';
import { judgedLanguages } from './judgeNames.js';
import type { NamesReply, NamesRequest, NamesThreadData } from './namesMessages.js';
import { homeFolder } from '../../base/homeFolder.js';

export interface NamesValidatorOptions {
  readonly entries: Pick<Entries, 'namesThread' | 'wasmFolder' | 'queryFolder'>;
  readonly log: Log;
  /** Where toolchains and packages are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
}

/** What it passes on of the environment: where things lie. */
const environmentNames = ['PATH', 'GOROOT', 'GOPATH', 'GOMODCACHE', 'CARGO_HOME', 'RUSTUP_HOME', 'JAVA_HOME'];

/**
 * Names of Go, Java and Rust that nobody declares: not the file, not the workspace, not the language, not the packages that
 * are installed. By syntax trees and sources on disk alone: nothing is run, in a thread that ends when idle.
 */
export function createNamesValidator({ entries, log, env, home = homeFolder() }: NamesValidatorOptions): Validator {
  const workerData: NamesThreadData = {
    wasmFolder: entries.wasmFolder.href,
    queryFolder: entries.queryFolder.href,
    machine: { home, env: Object.fromEntries(environmentNames.map(name => [name, env[name]])) },
  };
  const caller = createThreadCaller<Omit<NamesRequest, 'id'>, NamesReply>({
    entry: entries.namesThread,
    workerData,
    name: 'names',
    // The first question reads what is installed.
    deadlineMs: 120_000,
    log,
  });
  return {
    id: 'names',
    judges: 'Go, Java, Rust: names, members and packages that nobody declares, by syntax trees and what is installed',
    reach: 'edit',
    needsTrust: false,
    looksAround: true,
    accepts: ({ languageId }) => judgedLanguages.includes(languageId),
    async examine(files, { folder, overlay = new Map() }, signal) {
      try {
        return (await caller.ask({ files, folder, overlay }, signal)).examined;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return notKnown(error.message);
      }
    },
    dispose: () => caller.rest(),
  };
}
