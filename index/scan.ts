import { lstatSync, readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { SkipReason } from './codeIndex.js';
import {
  enterFolder,
  isRuleFileName,
  rootRules,
  RULE_FILE_NAMES,
  skipByRules,
  type FolderRules,
  type RuleFile,
} from './exclusions.js';
import { isMadeByTool, skipByName } from './fileNames.js';

export interface ScanOptions {
  /** Real path of the workspace folder. */
  readonly folder: string;
  /** Patterns of the settings, in .gitignore syntax. */
  readonly exclude: readonly string[];
  readonly maxFileKb: number;
  /** Real paths of folders inside that belong to somebody else. */
  readonly except: readonly string[];
  /** Stop after so many files; those nearest to the top come first. */
  readonly maxFiles: number;
  /** A home folder or a file system's root: hidden folders and other file systems are not entered. */
  readonly broad: boolean;
}

export interface ScannedFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface Scan {
  readonly files: ScannedFile[];
  /** Folders that were entered, '' for the top. */
  readonly folders: readonly string[];
  readonly skippedFolders: readonly (readonly [path: string, reason: SkipReason])[];
  readonly ruleFiles: readonly RuleFile[];
  /** The workspace folder relative to the rules' root: a repository may begin above it. */
  readonly base: string;
  readonly skipped: Partial<Record<SkipReason, number>>;
  /** There was more than `maxFiles`. */
  readonly isCut: boolean;
}

/** Walks a folder level by level. Synchronous: runs in a worker. Throws only when the folder itself cannot be read. */
export function scan(options: ScanOptions): Scan {
  const walk = startWalk(options);
  let level: readonly Place[] = [{ path: '', rules: walk.top }];
  while (level.length > 0 && !walk.isCut) level = level.flatMap(place => readFolder(walk, place));
  const { files, folders, skippedFolders, ruleFiles, base, skipped, isCut } = walk;
  return { files, folders, skippedFolders, ruleFiles, base, skipped, isCut };
}

interface Place {
  readonly path: string;
  readonly rules: FolderRules;
}

interface Walk {
  readonly options: ScanOptions;
  readonly base: string;
  readonly root: FolderRules;
  readonly top: FolderRules;
  readonly device: number;
  readonly files: ScannedFile[];
  readonly folders: string[];
  readonly skippedFolders: (readonly [string, SkipReason])[];
  readonly ruleFiles: RuleFile[];
  readonly skipped: Partial<Record<SkipReason, number>>;
  isCut: boolean;
}

function startWalk(options: ScanOptions): Walk {
  const rootFolder = options.broad ? options.folder : repositoryRoot(options.folder);
  const base = toSlashes(relative(rootFolder, options.folder));
  const root = rootRules(options.exclude, base);
  const ruleFiles = rulesAbove(rootFolder, base);
  return {
    options,
    base,
    root,
    top: ruleFiles.length === 0 ? root : enterFolder(root, root, ruleFiles),
    device: statSync(options.folder).dev,
    files: [],
    folders: [],
    skippedFolders: [],
    ruleFiles,
    skipped: {},
    isCut: false,
  };
}

function readFolder(walk: Walk, place: Place): Place[] {
  if (walk.isCut) return [];
  const { options } = walk;
  const absolute = place.path === '' ? options.folder : join(options.folder, place.path);
  let entries: Dirent[];
  try {
    entries = readdirSync(absolute, { withFileTypes: true });
  } catch (error) {
    if (place.path === '') throw error;
    skipFolder(walk, place.path, 'unreadable');
    return [];
  }
  const names = new Set(entries.map(entry => entry.name));
  if (place.path !== '' && isMadeByTool(basename(absolute), names)) {
    skipFolder(walk, place.path, 'ignored');
    return [];
  }
  walk.folders.push(place.path);
  const rules = enterFolder(place.rules, walk.root, collectRules(walk, place.path, absolute, entries));
  const below: Place[] = [];
  for (const entry of entries) {
    const path = place.path === '' ? entry.name : `${place.path}/${entry.name}`;
    if (entry.isSymbolicLink()) skipLink(walk, join(absolute, entry.name));
    else if (entry.isDirectory()) {
      if (mayEnter(walk, rules, path, join(absolute, entry.name))) below.push({ path, rules });
    } else if (entry.isFile()) addFile(walk, rules, path, join(absolute, entry.name));
  }
  return below;
}

function collectRules(walk: Walk, folder: string, absolute: string, entries: readonly Dirent[]): RuleFile[] {
  const own: RuleFile[] = [];
  const fromRoot = inRoot(walk.base, folder);
  for (const entry of entries) {
    // What lies at the top of the repository was read with the rules above.
    if (isRuleFileName(entry.name) && !(folder === '' && walk.base === '')) {
      own.push(...readRuleFile(fromRoot, absolute, entry.name));
    }
  }
  walk.ruleFiles.push(...own);
  return own;
}

function mayEnter(walk: Walk, rules: FolderRules, path: string, absolute: string): boolean {
  const { options } = walk;
  if (options.except.includes(absolute)) return false;
  const reason = skipByRules(rules, inRoot(walk.base, path), true);
  if (reason !== null) {
    skipFolder(walk, path, reason);
    return false;
  }
  if (options.broad && (basename(absolute).startsWith('.') || isOfTheSystem(absolute) || isElsewhere(walk, absolute))) {
    skipFolder(walk, path, 'outside');
    return false;
  }
  return true;
}

function addFile(walk: Walk, rules: FolderRules, path: string, absolute: string): void {
  const reason =
    skipByRules(rules, inRoot(walk.base, path), false) ?? skipByName(path.slice(path.lastIndexOf('/') + 1));
  if (reason !== null) return count(walk, reason);
  if (walk.files.length >= walk.options.maxFiles) {
    walk.isCut = true;
    return;
  }
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (stats.size > walk.options.maxFileKb * 1024) return count(walk, 'too-large');
  walk.files.push({ path, size: stats.size, mtimeMs: stats.mtimeMs });
}

/** A link is never followed: what it leads to inside is met under its own name, and nothing outside is ours. */
function skipLink(walk: Walk, absolute: string): void {
  let target: string;
  try {
    target = realpathSync(absolute);
  } catch {
    return;
  }
  if (!isInside(walk.options.folder, target)) count(walk, 'outside');
}

function skipFolder(walk: Walk, path: string, reason: SkipReason): void {
  walk.skippedFolders.push([path, reason]);
  count(walk, reason);
}

function count(walk: Walk, reason: SkipReason): void {
  walk.skipped[reason] = (walk.skipped[reason] ?? 0) + 1;
}

function isElsewhere(walk: Walk, absolute: string): boolean {
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  return stats === undefined || stats.dev !== walk.device;
}

const SYSTEM_FOLDERS = new Set(
  (
    '/proc /sys /dev /run /boot /snap /tmp /var /lost+found /bin /sbin /lib /lib32 /lib64 /libx32 /etc /usr ' +
    '/System /Library /private /Volumes /cores /Applications'
  ).split(' '),
);

function isOfTheSystem(absolute: string): boolean {
  return SYSTEM_FOLDERS.has(absolute) || /^[A-Za-z]:\\(?:Windows|Program Files|ProgramData|\$Recycle)/i.test(absolute);
}

/** The nearest folder at or above that holds `.git`, or the folder itself: rules of a repository begin at its top. */
export function repositoryRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (lstatSync(join(at, '.git'), { throwIfNoEntry: false }) !== undefined) return at;
    if (dirname(at) === at) return folder;
  }
}

/** Rules of the folders from the repository's top down to the one above the workspace; of the top itself where they are one. */
export function rulesAbove(rootFolder: string, base: string): RuleFile[] {
  const files: RuleFile[] = [];
  const steps = base === '' ? [] : base.split('/');
  for (let depth = 0; depth < Math.max(1, steps.length); depth++) {
    const folder = steps.slice(0, depth).join('/');
    for (const name of RULE_FILE_NAMES) files.push(...readRuleFile(folder, join(rootFolder, folder), name));
  }
  // A person who opens an ignored folder wants it; what must stay private stays so.
  const opensIgnored = base !== '' && skipByRules(enterFolder(NO_RULES, NO_RULES, files), base, true) === 'ignored';
  return opensIgnored ? files.filter(file => file.name !== '.git' && file.name !== '.gitignore') : files;
}

const NO_RULES: FolderRules = { files: [], ignored: null, excluded: [] };

const MAX_RULE_FILE_BYTES = 1_000_000;

export function readRuleFile(folder: string, absolute: string, name: RuleFile['name']): RuleFile[] {
  if (name === '.git') {
    if (lstatSync(join(absolute, name), { throwIfNoEntry: false }) === undefined) return [];
    return [{ folder, name, text: readIfPlain(join(absolute, '.git', 'info', 'exclude')) ?? '' }];
  }
  const text = readIfPlain(join(absolute, name));
  return text === null ? [] : [{ folder, name, text }];
}

function readIfPlain(path: string): string | null {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || stats.size > MAX_RULE_FILE_BYTES) return null;
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

export function inRoot(base: string, path: string): string {
  return base === '' ? path : `${base}/${path}`;
}

export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

export function toSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
