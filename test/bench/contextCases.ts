import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DocSnapshot } from '../../server/base/snapshot.js';
import type { History } from '../../server/cli/try/history.js';
import type { Recall } from '../../index/recall/recall.js';
import { baseFiles, replay } from './histories/replay.js';

/** A line that is about to be written, and what the workspace looked like by then. */
export interface LineCase {
  readonly snapshot: DocSnapshot;
  /** At the start of the line, behind its indentation. */
  readonly offset: number;
  readonly line: string;
  /** Files that changed since the case before; null: gone. Absolute. */
  readonly changed: ReadonlyMap<string, string | null>;
}

export interface CaseOptions {
  readonly seed: number;
  readonly linesPerChangeSet: number;
  readonly languageId: string;
}

/** The lines of a replayed history as cases that can be asked about one after the other, with time in between. */
export function lineCases(history: History, options: CaseOptions): readonly LineCase[] {
  const cases: LineCase[] = [];
  let changed = new Map<string, string | null>();
  const watcher: Pick<Recall, 'open' | 'change' | 'close' | 'updateFile'> = {
    open: () => {},
    change: () => {},
    close: () => {},
    updateFile: (path, text) => void changed.set(path, text),
  };
  replay(history, { workspace: [watcher as Recall], documentOnly: [] }, options, line => {
    const { snapshot, offset } = line.typeTo(line.indentation);
    cases.push({ snapshot, offset, line: line.text.trim(), changed });
    changed = new Map();
  });
  return cases;
}

/** A replayed workspace on the disk. The folder that a replay speaks of is `replayedFolder`. */
export interface DiskWorkspace {
  readonly folder: string;
  /** Where a path of the replay lies. */
  path(replayed: string): string;
  /** Writes what changed; gives the files that were written or removed. */
  apply(changed: ReadonlyMap<string, string | null>): readonly string[];
  dispose(): void;
}

const replayedFolder = '/replayed/';

export function diskWorkspace(history: History): DiskWorkspace {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-context-'));
  const path = (replayed: string): string => join(folder, replayed.slice(replayedFolder.length));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const [replayed, text] of baseFiles(history)) write(path(replayed), text);
  return {
    folder,
    path,
    apply(changed) {
      for (const [replayed, text] of changed) {
        if (text === null) rmSync(path(replayed), { force: true });
        else write(path(replayed), text);
      }
      return [...changed.keys()].map(path);
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
