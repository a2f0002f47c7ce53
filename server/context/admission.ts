import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SkipReason } from '../../index/codeIndex.js';
import {
  enterFolder,
  rootRules,
  RULE_FILE_NAMES,
  skipByPath,
  skipByRules,
  type FolderRules,
} from '../../index/exclusions.js';
import { readRuleFile } from '../../index/scan.js';
import { isInside, nearestFolder } from '../base/paths.js';
import type { Found } from './found.js';
import type { OpenDocuments } from './openDocuments.js';

export interface AdmissionOptions {
  readonly folders: () => readonly string[];
  readonly exclusion: (path: string) => SkipReason | null;
  /** The patterns of the settings that leave files of a folder out. */
  readonly patterns: (folder: string) => readonly string[];
  readonly documents: OpenDocuments;
  /** Where packages may lie outside of all folders. */
  readonly packageRoots: readonly string[];
  readonly now: () => number;
}

/** What the disk says of a path is believed for so long; what the rules say is asked each time. */
const believedMs = 2_000;
const maxBelieved = 2_000;

/**
 * Whether a passage may be shown. The one place where this is decided, asked for each passage of each prompt: what a
 * source was told earlier does not count.
 */
export function createAdmission(options: AdmissionOptions): (found: Found) => boolean {
  const { folders, exclusion, patterns, documents, packageRoots, now } = options;
  const believed = new Map<string, { readonly verdict: string | null; readonly untilMs: number }>();
  return ({ from, passage: { path } }) => {
    if (from === 'made') return path === null;
    if (path === null) return from === 'open';
    if (skipByPath(path) !== null) return false;
    if (from === 'package') {
      return (
        exclusion(path) !== 'excluded' && believe(`package ${path}`, () => (isOpenPackage(path) ? path : null)) !== null
      );
    }
    if (exclusion(path) !== null) return false;
    const folder = nearestFolder(path, folders());
    if (folder !== null) {
      const real = believe(path, () => realWay(folder, path));
      // What a link leads to has rules of its own.
      return real !== null && (real === path || exclusion(real) === null);
    }
    return from === 'open' && documents.byPath(path) !== null;
  };

  /** A text that is here already was read from where its path led then: a link that changes shows nothing new. */
  function believe(key: string, look: () => string | null): string | null {
    const known = believed.get(key);
    if (known !== undefined && now() < known.untilMs) return known.verdict;
    if (believed.size >= maxBelieved) believed.clear();
    const verdict = look();
    believed.set(key, { verdict, untilMs: now() + believedMs });
    return verdict;
  }

  /** Ignore rules leave packages out as a rule; what the person leaves out stays out, by any name it goes by. */
  function isOpenPackage(path: string): boolean {
    const real = realPath(path);
    if (real === null || skipByPath(real) !== null) return false;
    if (packageRoots.some(root => realWay(root, real) !== null)) return true;
    for (const folder of folders()) {
      const realFolder = realPath(folder);
      if (realFolder === null || !isInside(realFolder, real)) continue;
      const way = relative(realFolder, real);
      if (!isInstalled(way)) return exclusion(join(folder, way)) === null;
      return !isLeftOut(folder, way) && (!isInside(folder, path) || !isLeftOut(folder, relative(folder, path)));
    }
    return false;
  }

  function isLeftOut(folder: string, way: string): boolean {
    const root = rootRules(patterns(folder), '');
    const parts = way.split(/[\\/]/);
    let rules: FolderRules = root;
    for (const [at] of parts.entries()) {
      const inside = parts.slice(0, at).join('/');
      const own = RULE_FILE_NAMES.filter(name => name !== '.git' && name !== '.gitignore').flatMap(name =>
        readRuleFile(inside, join(folder, inside), name),
      );
      rules = enterFolder(rules, root, own);
      const isFolder = at < parts.length - 1;
      if (skipByRules(rules, parts.slice(0, at + 1).join('/'), isFolder) === 'excluded') return true;
    }
    return false;
  }
}

function isInstalled(way: string): boolean {
  return /(?:^|[\\/])(?:node_modules|site-packages|vendor)[\\/]/.test(way);
}

/** Where a path of a folder really leads, by the folder's own name; null when it leads outside, or nowhere. */
function realWay(folder: string, path: string): string | null {
  const [root, real] = [realPath(folder), realPath(path)];
  return root !== null && real !== null && isInside(root, real) ? join(folder, relative(root, real)) : null;
}

/** The system's own: it is asked for each passage. */
function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null; // Gone: there is nothing to show.
  }
}
