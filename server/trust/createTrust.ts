import { realpathSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, fileFailure } from '../base/failure.js';
import { withLock } from '../base/lock.js';
import { isInside, realPathOfNearest, realPathOr } from '../base/paths.js';
import { isRecord } from '../base/record.js';
import { writeAtomically } from '../base/writeAtomically.js';
import type { Settings } from '../config/schema.js';
import type { TrustState, TrustStore } from './trust.js';
import { createTrustReader, readTrustFile, trustPath } from './trustFile.js';
import { homeFolder } from '../base/homeFolder.js';

export interface TrustOptions {
  /** The platform's configuration folder, `understudy`. */
  readonly configFolder: string;
  /** What the settings say of a folder: `trust.workspaces`. */
  readonly said: (folder: string) => Settings['trust']['workspaces'];
  /** Whose folder is too broad to be trusted. */
  readonly home?: string;
}

const lockLimitMs = 5000;

/**
 * Who is trusted: the entry of the store that is nearest to a folder decides, revoked ones above all; without one, a client that
 * vouches for what it opens. A client, or a workspace, that says `none` takes all trust away for the session.
 */
export function createTrust({ configFolder, said, home = homeFolder() }: TrustOptions): TrustStore {
  const path = trustPath(configFolder);
  const read = createTrustReader(path);
  return {
    isTrusted: folder => stateOf(folder).trusted,
    stateOf,
    async set(folder, trusted, signal) {
      const real = trusted ? existing(folder) : nearestRealPath(folder);
      if (trusted) refuseBroad(real);
      try {
        await mkdir(configFolder, { recursive: true, mode: 0o700 });
        await withLock(`${path}.lock`, lockLimitMs, () => write(real, trusted), signal);
      } catch (error) {
        throw fileFailure(error, path);
      }
      return stateOf(real);
    },
    notices() {
      const { problem } = read();
      return problem === null ? [] : [problem];
    },
  };

  function stateOf(folder: string): TrustState {
    let real: string;
    try {
      real = realpathSync.native(folder);
    } catch {
      return { folder, trusted: false, why: `${folder} does not exist.` };
    }
    const no = (why: string): TrustState => ({ folder: real, trusted: false, why });
    const asked = said(folder);
    if (asked === 'none') return no('The settings say that no workspace is trusted.');
    if (isBroad(real)) return no(`${real} holds all that is yours, and is too broad to be trusted.`);
    const { folders, problem } = read();
    const nearest = nearestEntry(real, folders);
    if (nearest !== null && !nearest.trusted) return no(`${nearest.folder} was revoked.`);
    if (nearest !== null) {
      if (isInside(real, realPathOr(path))) return no(`${path} lies in it: a workspace cannot vouch for itself.`);
      return { folder: real, trusted: true, why: `You trust ${nearest.folder}.` };
    }
    // A store that cannot be read may hold that it was revoked.
    if (problem !== null) return no(problem);
    if (asked === 'all') return { folder: real, trusted: true, why: 'Your editor trusts it.' };
    return no('Nobody has said that it is trusted.');
  }

  /** The folder itself first, then those that hold it, from the inside out. */
  function nearestEntry(
    real: string,
    folders: ReadonlyMap<string, boolean>,
  ): { readonly folder: string; readonly trusted: boolean } | null {
    for (let at = real; ; at = dirname(at)) {
      const trusted = folders.get(at);
      // One that was written by hand for too broad a folder counts for nothing.
      if (trusted !== undefined && !(trusted && isBroad(at))) return { folder: at, trusted };
      if (dirname(at) === at) return null;
    }
  }

  function isBroad(real: string): boolean {
    return isInside(real, realPathOr(home)) || dirname(real) === real;
  }

  function existing(folder: string): string {
    try {
      return realpathSync.native(folder);
    } catch (error) {
      throw fileFailure(error, folder);
    }
  }

  /** What is gone can be revoked too. */
  function nearestRealPath(folder: string): string {
    try {
      return realPathOfNearest(folder);
    } catch {
      return folder;
    }
  }

  function refuseBroad(real: string): void {
    if (!isBroad(real)) return;
    throw new Failure('permission', `${real} is not trusted: it would be with all that you ever put into it.`, {
      remedy: 'Trust the folder of a project, or one that holds projects only.',
    });
  }

  async function write(real: string, trusted: boolean): Promise<void> {
    const { record, problem, isDamaged } = readTrustFile(path);
    if (isDamaged) await rename(path, `${path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`);
    else if (problem !== null) throw new Failure('permission', problem);
    const before = isRecord(record?.['folders']) ? record['folders'] : {};
    const folders = { ...before, [real]: { trusted, at: new Date().toISOString() } };
    await writeAtomically(path, `${JSON.stringify({ ...record, version: 1, folders }, null, 2)}\n`);
  }
}
