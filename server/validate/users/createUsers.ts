import type { Entries } from '../../base/entries.js';
import type { Log } from '../../base/log.js';
import { createThreadCaller } from '../../base/threadCaller.js';
import { isInside } from '../../base/paths.js';
import type { FileChange } from '../gate.js';
import type { GrammarsData } from '../serveGrammars.js';
import type { Workplace } from '../validator.js';
import type { ChangedFile, Users, UsersReply, UsersRequest } from './usersMessages.js';

/** Finds the files that a change may break without touching them. */
export interface UserSearch {
  /** Null where the change takes nothing away. Rejects with the signal's reason, or a Failure where the thread has failed. */
  of(change: readonly FileChange[], workplace: Workplace, signal: AbortSignal): Promise<Users | null>;
  dispose(): Promise<void>;
}

export interface UserSearchOptions {
  readonly entries: Pick<Entries, 'usersThread' | 'wasmFolder' | 'queryFolder'>;
  readonly log: Log;
}

const judged = /\.(?:[cm]?[jt]s|[jt]sx|pyi?|go|java|rs)$/;

/** In a thread of its own: it reads the sources of the workspace, where what others can see of a file has changed. */
export function createUsers({ entries, log }: UserSearchOptions): UserSearch {
  const workerData: GrammarsData = { wasmFolder: entries.wasmFolder.href, queryFolder: entries.queryFolder.href };
  const caller = createThreadCaller<Omit<UsersRequest, 'id'>, UsersReply>({
    entry: entries.usersThread,
    workerData,
    name: 'users of what changes',
    log,
    deadlineMs: 60_000,
  });
  return {
    async of(change, workplace, signal) {
      const { folder, index, exclude = [] } = workplace;
      if (folder === null) return null;
      const files = change.flatMap(losing).filter(({ path }) => judged.test(path) && isInside(folder, path));
      const packages = (workplace.packagesTaken ?? []).filter(taken => isInside(folder, taken.folder));
      if (files.length === 0 && packages.length === 0) return null;
      const changed = change.flatMap(({ path, from }) => [path, ...(from == null ? [] : [from])]);
      const { users } = await caller.ask({ files, packages, folder, changed, exclude }, signal);
      if (users.files.length === 0 && users.names.length === 0 && users.more === 0) return null;
      return { ...users, files: users.files.filter(({ path }) => index === null || index.exclusion(path) === null) };
    },
    dispose: () => caller.rest(),
  };
}

/** What is moved is gone from where it was. */
function losing({ path, from, languageId, before, after }: FileChange): readonly ChangedFile[] {
  if (before === null) return [];
  const isMoved = from != null && from !== path;
  return [{ path: from ?? path, languageId, before, after: isMoved ? null : after }];
}
