import { isUtf8 } from 'node:buffer';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SkipReason } from '../../index/codeIndex.js';
import type { Scan } from '../../index/scan.js';
import { languageIdOf, languageOf } from '../../grammars/registry.js';
import { isInside, isReallyInside } from '../base/paths.js';
import type { Settings } from '../config/schema.js';
import type { SourceFile } from '../validate/validator.js';
import { UsageError } from './parseCommandLine.js';
import { scanWorkspace } from './scanWorkspace.js';
import { skipWords } from './skipWords.js';

/** A file that was asked for and that nobody judges. */
export interface NotRead {
  readonly path: string;
  /** The end of a sentence that begins with the path. */
  readonly why: string;
}

export interface FilesToCheck {
  readonly files: readonly SourceFile[];
  readonly notRead: readonly NotRead[];
  /** What was passed over in the folders asked for, and how often. */
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
}

/**
 * Folders as the index sees them, links not followed; a file that is named is read whatever the rules leave out. Raises UsageError
 * for what is not there, or leads out of the workspace, a real path.
 */
export function readFilesToCheck(asked: readonly string[], folder: string, settings: Settings): FilesToCheck {
  const named = new Set<string>();
  const paths = new Set<string>();
  let below: Scan | null = null;
  for (const path of asked.length === 0 ? [folder] : asked) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new UsageError(`There is no ${path}.`);
    requireInside(path, folder);
    const real = realpathSync(path);
    if (!found.isDirectory()) {
      named.add(real);
      paths.add(real);
      continue;
    }
    below ??= scanWorkspace(folder, settings);
    for (const file of below.files) if (isInside(real, join(folder, file.path))) paths.add(join(folder, file.path));
  }
  const files: SourceFile[] = [];
  const notRead: NotRead[] = [];
  for (const path of [...paths].sort()) {
    const read = readText(path);
    if ('text' in read) files.push({ path, text: read.text, languageId: languageIdOf(path, read.text) });
    // A picture that nobody named is no file that anybody waits for.
    else if (named.has(path) || languageOf(path, '', '') !== null || read.isText) notRead.push({ path, why: read.why });
  }
  return { files, notRead, skipped: below?.skipped ?? {} };
}

/** Raises UsageError for a path that lies, or by a link leads, out of the workspace. It need not exist. */
export function requireInside(path: string, folder: string): void {
  if (isReallyInside(folder, path)) return;
  const how = relative(folder, path).startsWith('..') ? 'lies outside of' : 'is a link that leads out of';
  throw new UsageError(
    `${path} ${how} the workspace ${folder}. Run understudy check in its own folder, or name that with --folder.`,
  );
}

/** Why there was nothing to check, for a person. */
export function describeNothing({ notRead, skipped }: Omit<FilesToCheck, 'files'>): string {
  const reasons = Object.entries(skipped)
    .sort(([, left], [, right]) => right - left)
    .map(([reason, count]) => `${count} ${skipWords[reason as SkipReason]}`);
  if (notRead.length > 0) reasons.unshift(`${notRead.length} cannot be read as text`);
  if (reasons.length === 0) return 'There are no files.';
  return `Passed over in the workspace: ${reasons.join(', ')}. A file that is left out by rules is checked when it is named.`;
}

/** Larger files are made by programs. */
const maxBytes = 32 * 1024 * 1024;

type Read = { readonly text: string } | { readonly why: string; readonly isText: boolean };

function readText(path: string): Read {
  try {
    const found = statSync(path);
    // A device or a pipe would never end.
    if (!found.isFile()) return { why: 'is no plain file', isText: false };
    if (found.size > maxBytes) return { why: `is larger than ${maxBytes / 1024 / 1024} MB`, isText: true };
    const bytes = readFileSync(path);
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    if (isUtf16) return { why: 'is UTF-16, and only UTF-8 is read: save it as UTF-8', isText: true };
    if (bytes.includes(0))
      return { why: isUtf8(bytes) ? 'is binary' : 'is binary, or UTF-16 without a mark', isText: false };
    return { text: bytes.toString('utf8') };
  } catch (error) {
    return { why: `cannot be read (${error instanceof Error ? error.message : String(error)})`, isText: true };
  }
}
