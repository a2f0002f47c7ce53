import { realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SkipReason } from './codeIndex.js';
import { enterFolder, rootRules, RULE_FILE_NAMES, skipByRules, type FolderRules, type RuleFile } from './exclusions.js';
import { skipByName } from './fileNames.js';
import type { ScanAnswer } from './jobs.js';
import { inRoot, isInside, readRuleFile, repositoryRoot, rulesAbove, toSlashes } from './scan.js';

export interface ExclusionCheckOptions {
  /** As the caller names it, and its real path. */
  readonly folder: string;
  readonly realFolder: string;
  except(): readonly string[];
  settings(): { readonly exclude: readonly string[]; readonly maxFileKb: number };
}

/** Says of single paths what the scan says of all: for open documents and for the watcher. */
export interface ExclusionCheck {
  /** Relative with `/`, '' for the folder itself; null for what is not inside. */
  toRelative(path: string): string | null;
  /** By rules and names alone, without looking at the file. */
  file(path: string): SkipReason | null;
  folder(path: string): SkipReason | null;
  /** Also follows links and looks at the size: for a document whose path an editor names. */
  document(absolutePath: string): SkipReason | null;
  /** From now on the rules of this scan hold. */
  learn(scan: Pick<ScanAnswer, 'ruleFiles' | 'skippedFolders' | 'base'>): void;
  /** Settings have changed. */
  forget(): void;
}

interface Known {
  readonly base: string;
  readonly skippedFolders: ReadonlyMap<string, SkipReason>;
  /** By folder, relative to the rules' root. */
  readonly ruleFiles: ReadonlyMap<string, readonly RuleFile[]>;
}

const MAX_REMEMBERED = 10_000;
/** A document may shrink, and a link may lead elsewhere, without anybody hearing of it. */
const DOCUMENT_VERDICT_MS = 2000;

export function createExclusionCheck({ folder, realFolder, except, settings }: ExclusionCheckOptions): ExclusionCheck {
  let known: Known | null = null;
  let root: FolderRules | null = null;
  const rulesOf = new Map<string, FolderRules>();
  const folderVerdicts = new Map<string, SkipReason | null>();
  const documentVerdicts = new Map<string, { readonly verdict: SkipReason | null; readonly untilMs: number }>();

  const forget = (): void => {
    root = null;
    rulesOf.clear();
    folderVerdicts.clear();
    documentVerdicts.clear();
  };

  const toRelative = (path: string): string | null => {
    for (const top of [folder, realFolder]) if (isInside(top, path)) return toSlashes(relative(top, path));
    return null;
  };

  const knownRules = (): Known => (known ??= { ...rulesAtTheTop(realFolder), skippedFolders: new Map() });

  /** The rules inside a folder. Before the first scan, what lies in the folders on the way is read. */
  const rulesIn = (path: string): FolderRules => {
    const before = rulesOf.get(path);
    if (before !== undefined) return before;
    const { base, ruleFiles } = knownRules();
    root ??= rootRules(settings().exclude, base);
    const above = ruleFiles.get(ABOVE) ?? [];
    const parent = path === '' ? (above.length === 0 ? root : enterFolder(root, root, above)) : rulesIn(parentOf(path));
    const own = isFromScan ? (ruleFiles.get(inRoot(base, path)) ?? []) : readOwnRules(realFolder, base, path);
    const rules = enterFolder(parent, root, path === '' && base === '' ? [] : own);
    rulesOf.set(path, rules);
    return rules;
  };
  let isFromScan = false;

  const skipFolder = (path: string): SkipReason | null => {
    if (path === '') return null;
    const before = folderVerdicts.get(path);
    if (before !== undefined) return before;
    const { base, skippedFolders } = knownRules();
    const verdict =
      skipFolder(parentOf(path)) ??
      skippedFolders.get(path) ??
      (except().includes(join(realFolder, path))
        ? 'outside'
        : skipByRules(rulesIn(parentOf(path)), inRoot(base, path), true));
    if (folderVerdicts.size > MAX_REMEMBERED) folderVerdicts.clear();
    folderVerdicts.set(path, verdict);
    return verdict;
  };

  const skipFile = (path: string): SkipReason | null => {
    const parent = parentOf(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    return (
      skipFolder(parent) ?? skipByRules(rulesIn(parent), inRoot(knownRules().base, path), false) ?? skipByName(name)
    );
  };

  const skipDocument = (absolutePath: string): SkipReason | null => {
    const path = toRelative(absolutePath);
    if (path === null || path === '') return 'outside';
    const byName = skipFile(path);
    if (byName !== null) return byName;
    const real = realpathOrNull(absolutePath);
    if (real === null) return null;
    if (real !== join(realFolder, path)) {
      const realRelative = isInside(realFolder, real) ? toSlashes(relative(realFolder, real)) : null;
      const reason = realRelative === null ? 'outside' : skipFile(realRelative);
      if (reason !== null) return reason;
    }
    const stats = statSync(real, { throwIfNoEntry: false });
    return stats !== undefined && stats.size > settings().maxFileKb * 1024 ? 'too-large' : null;
  };

  return {
    toRelative,
    file: skipFile,
    folder: skipFolder,
    document(absolutePath) {
      const now = performance.now();
      const before = documentVerdicts.get(absolutePath);
      if (before !== undefined && now < before.untilMs) return before.verdict;
      const verdict = skipDocument(absolutePath);
      if (documentVerdicts.size > MAX_REMEMBERED) documentVerdicts.clear();
      documentVerdicts.set(absolutePath, { verdict, untilMs: now + DOCUMENT_VERDICT_MS });
      return verdict;
    },
    learn({ base, skippedFolders, ruleFiles }) {
      forget();
      isFromScan = true;
      const byFolder = new Map<string, RuleFile[]>();
      for (const file of ruleFiles) {
        // What lies above the workspace's own folders holds at its top, in the order of depth.
        const key = file.folder === base || file.folder.startsWith(base === '' ? '' : `${base}/`) ? file.folder : ABOVE;
        const place = base === '' && file.folder === '' ? ABOVE : key;
        byFolder.set(place, [...(byFolder.get(place) ?? []), file]);
      }
      known = { base, skippedFolders: new Map(skippedFolders), ruleFiles: byFolder };
    },
    forget,
  };
}

/** No folder has a NUL in its name. */
const ABOVE = '\0';

function rulesAtTheTop(realFolder: string): Pick<Known, 'base' | 'ruleFiles'> {
  const rootFolder = repositoryRoot(realFolder);
  const base = toSlashes(relative(rootFolder, realFolder));
  return { base, ruleFiles: new Map([[ABOVE, rulesAbove(rootFolder, base)]]) };
}

function readOwnRules(realFolder: string, base: string, path: string): RuleFile[] {
  return RULE_FILE_NAMES.flatMap(name => readRuleFile(inRoot(base, path), join(realFolder, path), name));
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function realpathOrNull(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
