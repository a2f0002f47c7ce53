import { dirname } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { isInside } from '../../base/paths.js';
import { isRecord, type UnknownRecord } from '../../base/record.js';
import { textOnDisk } from '../../base/textOnDisk.js';
import { cleanEnvironment } from '../../trust/environment.js';
import { runTool, type ToolResult } from '../../trust/runTool.js';
import { findRuff } from '../formatting/ownFormatters.js';
import { readSettings } from '../formatting/readSettings.js';
import type { Finding, Replacement, SourceFile, Unknown } from '../validator.js';
import { cannotLint, createPlaces, firstLine, lintFinding, notUsed, type Linted } from './linted.js';

type Environment = Readonly<Record<string, string | undefined>>;

const timeoutMs = 20_000;
/** Of the paths in one command line; every platform takes that. */
const mostPaths = 200;

/** The project's own Ruff with its settings. Files that are as on disk are named in one process, others are read from stdin. */
export async function lintByRuff(
  files: readonly SourceFile[],
  folder: string,
  env: Environment,
  signal: AbortSignal,
): Promise<Linted> {
  const used: SourceFile[] = [];
  for (const file of files) if (await isUsed(file.path, folder)) used.push(file);
  if (used.length === 0) return notUsed;
  const ruff = findRuff(env, folder);
  if (ruff === null)
    return cannotLint('Ruff is configured, but not installed.', 'Install it: pip install ruff.', 'ruff');
  const [saved, edited] = await bySaved(used);
  const findings: Finding[] = [];
  let unknown: Unknown | null = null;
  const take = (own: readonly SourceFile[], result: ToolResult): void => {
    const read = readResult(own, result);
    findings.push(...read.findings);
    unknown ??= read.unknown;
  };
  const common = ['check', '--output-format', 'json', '--no-cache', '--force-exclude'];
  const run = (args: readonly string[], stdin: string | null): Promise<ToolResult> =>
    runTool(
      {
        file: ruff,
        args,
        cwd: folder,
        stdin,
        timeoutMs,
        maxOutputBytes: 32 * 1024 * 1024,
        env: cleanEnvironment(env, folder),
      },
      signal,
    );
  for (let at = 0; at < saved.length; at += mostPaths) {
    const part = saved.slice(at, at + mostPaths);
    take(part, await run([...common, '--', ...part.map(({ path }) => path)], null));
  }
  for (const file of edited) take([file], await run([...common, '--stdin-filename', file.path, '-'], file.text));
  return { isUsed: true, findings, unknown };
}

/** Many have Ruff by a table of its own in pyproject.toml, or a file. */
async function isUsed(path: string, folder: string): Promise<boolean> {
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    for (const name of ['.ruff.toml', 'ruff.toml']) if ((await readSettings(folder, at, name)) !== null) return true;
    if (hasTable(await readSettings(folder, at, 'pyproject.toml'))) return true;
    if (at === dirname(at)) break;
  }
  return false;
}

function hasTable(text: string | null): boolean {
  try {
    const tools = text === null ? null : parseToml(text)['tool'];
    return isRecord(tools) && isRecord(tools['ruff']);
  } catch {
    return false;
  }
}

async function bySaved(files: readonly SourceFile[]): Promise<readonly [readonly SourceFile[], readonly SourceFile[]]> {
  const saved: SourceFile[] = [];
  const edited: SourceFile[] = [];
  for (const file of files) {
    const text = textOnDisk(file.path);
    (text === file.text ? saved : edited).push(file);
  }
  return [saved, edited];
}

/** 0: nothing, 1: something was found, 2: it failed. */
function readResult(
  files: readonly SourceFile[],
  { exit, stdout, stderr, timedOut }: ToolResult,
): Pick<Linted, 'findings' | 'unknown'> {
  const list = exit === 0 || exit === 1 ? parseList(stdout) : null;
  if (list === null) {
    const why = timedOut ? 'The project’s Ruff took too long.' : `The project’s Ruff failed: ${firstLine(stderr)}`;
    return { findings: [], unknown: { why, remedy: null, missing: null } };
  }
  const findings = list.flatMap(raw => {
    const file = files.length === 1 ? files[0] : files.find(({ path }) => path === raw['filename']);
    return file === undefined ? [] : findingOf(file, raw);
  });
  return { findings, unknown: null };
}

function findingOf(file: SourceFile, raw: UnknownRecord): readonly Finding[] {
  const { code, message, location, end_location: endLocation, fix } = raw;
  // What is no Python is said by others.
  if (typeof code !== 'string' || code === 'invalid-syntax' || typeof message !== 'string') return [];
  const place = createPlace(file.text);
  const [start, end] = [place(location), place(endLocation)];
  if (start === null) return [];
  return [
    lintFinding('ruff', file, {
      rule: code,
      message,
      isError: false,
      start,
      end: end ?? start,
      fix: fixOf(fix, place),
    }),
  ];
}

function createPlace(text: string): (location: unknown) => number | null {
  const places = createPlaces(text);
  return location => {
    if (!isRecord(location)) return null;
    const { row, column } = location;
    return typeof row === 'number' && typeof column === 'number' ? places.ofCharacters(row, column) : null;
  };
}

/** Only what Ruff calls safe. */
function fixOf(fix: unknown, place: (location: unknown) => number | null): readonly Replacement[] | null {
  if (!isRecord(fix) || fix['applicability'] !== 'safe' || !Array.isArray(fix['edits'])) return null;
  const edits = fix['edits'].map((edit: unknown): Replacement | null => {
    if (!isRecord(edit) || typeof edit['content'] !== 'string') return null;
    const [start, end] = [place(edit['location']), place(edit['end_location'])];
    return start === null || end === null ? null : { start, end, text: edit['content'] };
  });
  return edits.every(edit => edit !== null) ? edits : null;
}

function parseList(text: string): readonly UnknownRecord[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isRecord) : null;
  } catch {
    return null;
  }
}
