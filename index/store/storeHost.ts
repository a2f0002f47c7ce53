import type { Log } from '../../server/base/log.js';
import type { Store } from '../store.js';
import { createChildCaller, residentBytes } from './childCaller.js';
import { createProcessStore } from './processStore.js';

export interface StoreHostOptions {
  /** index/storeProcess, a child_process.fork entry. */
  readonly storeProcess: URL;
  /** The process is ended after so long without a call. */
  readonly idleMs?: number;
  readonly log: Log;
  /** Added to the process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One process for the stores of all folders of a server. It is started at the first call, and again after it was ended. */
export interface StoreHost {
  /** `databaseFolder` is absolute and of this store alone; it is made when missing, 0700. */
  store(options: { readonly databaseFolder: string }): Store;
  /** The process, while there is one. */
  pid(): number | null;
  /** Its resident memory, where the system tells (Linux). */
  residentBytes(): number | null;
  /** Ends the process now, when nothing is under way; the next call starts it again. */
  rest(): Promise<void>;
  /** Ends the process for good, after what is under way. Stores are to be closed before. */
  dispose(): Promise<void>;
}

export function createStoreHost({ storeProcess, idleMs = 15_000, log, environment = {} }: StoreHostOptions): StoreHost {
  const caller = createChildCaller({ entry: storeProcess, idleMs, log, environment });
  return {
    store: ({ databaseFolder }) => createProcessStore(databaseFolder, caller, log),
    pid: () => caller.pid(),
    residentBytes: () => residentBytes(caller.pid()),
    rest: () => caller.rest(),
    dispose: () => caller.dispose(),
  };
}
