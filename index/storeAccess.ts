import { Failure } from '../server/base/failure.js';
import type { Log } from '../server/base/log.js';
import type { Opening, Store } from './store.js';

/** The store as seen by one who goes on without it. */
export interface StoreAccess {
  /** What stands in the way of the store, until it is opened again; null when it can be read. */
  readonly failure: Failure | null;
  /** Whether this process may write to it. */
  readonly canWrite: boolean;
  /** Null when it failed. */
  open(): Promise<Opening | null>;
  /** The answer, or `otherwise` where the store is missing. An abort passes through. */
  read<Answer>(ask: () => Promise<Answer>, otherwise: Answer): Promise<Answer>;
  /** Notes what a commit was rejected with; throws what is no trouble of the store. */
  noteFailure(error: unknown): void;
}

export function createStoreAccess(store: Store, log: Log, onChange: () => void): StoreAccess {
  let failure: Failure | null = null;
  let canWrite = false;
  let wasOpen = false;
  const said = new Set<string>();

  const sayOnce = (message: string): void => {
    if (said.has(message)) return;
    said.add(message);
    log.warn(message);
  };

  const noteFailure = (error: unknown): void => {
    if (isAbort(error)) throw error;
    if (!(error instanceof Failure)) log.error('The store failed in a way that nobody foresaw.', error);
    failure =
      error instanceof Failure
        ? error
        : new Failure('unavailable', 'The index cannot be stored.', { remedy: 'See the log.', cause: error });
    canWrite = false;
    sayOnce(inWords(failure));
    onChange();
  };

  return {
    get failure() {
      return failure;
    },
    get canWrite() {
      return canWrite;
    },
    async open() {
      try {
        const opening = await store.open();
        failure = null;
        canWrite = !opening.readOnly;
        wasOpen = true;
        if (opening.message !== null) sayOnce(opening.message);
        return opening;
      } catch (error) {
        noteFailure(error);
        return null;
      } finally {
        onChange();
      }
    },
    async read(ask, otherwise) {
      // What cannot be written can still be read.
      if (!wasOpen || failure?.kind === 'unavailable' || failure?.kind === 'damaged') return otherwise;
      try {
        return await ask();
      } catch (error) {
        if (isAbort(error)) throw error;
        sayOnce(error instanceof Failure ? inWords(error) : 'The store did not answer a search.');
        if (!(error instanceof Failure)) log.error('A search in the store failed.', error);
        return otherwise;
      }
    },
    noteFailure,
  };
}

export function inWords({ message, remedy }: Failure): string {
  return remedy === null ? message : `${message} ${remedy}`;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
