import { basename, dirname, join } from 'node:path';
import type { Entries } from '../../base/entries.js';
import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { isInside, realPathOr } from '../../base/paths.js';
import { examineApart, fileNotJudged, joinUnknown, type Fallen } from '../apart.js';
import type { Examined, SourceFile, Validator, Workplace } from '../validator.js';
import { createCompilerProcess, type Question } from './compilerProcess.js';

export interface TypescriptValidatorOptions {
  readonly entries: Pick<Entries, 'typescriptProcess' | 'typescriptLibraries'>;
  readonly log: Log;
  /** The compiler's process is ended after so long without a question; three minutes where absent. */
  readonly idleMs?: number;
  readonly deadlineMs?: number;
  readonly maxResidentMb?: number;
}

export interface TypescriptValidator extends Validator {
  /** The compiler's process, while there is one. */
  pid(): number | null;
  dispose(): Promise<void>;
}

const accepted = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Names and types of TypeScript and JavaScript, by the compiler in a process of its own, which runs nothing of the workspace. */
export function createTypescriptValidator({
  entries,
  log,
  idleMs = 180_000,
  deadlineMs = 30_000,
  maxResidentMb = 1_400,
}: TypescriptValidatorOptions): TypescriptValidator {
  const compiler = createCompilerProcess({
    entry: entries.typescriptProcess,
    libFolder: entries.typescriptLibraries,
    log,
    idleMs,
    deadlineMs,
    maxResidentMb,
  });
  return {
    id: 'typescript',
    judges: 'Names, members, modules and types in TypeScript and JavaScript',
    reach: 'edit',
    needsTrust: false,
    looksAround: true,
    accepts: ({ path }) => accepted.test(path),
    examine: (files, workplace, signal) => examine(files, workplace, signal),
    // Messages tell of types, which an edit elsewhere changes.
    identity: ({ rule, start, end }, { text }) => `${rule}\0${text.slice(start, end)}`,
    pid: () => compiler.pid(),
    dispose: () => compiler.dispose(),
  };

  async function examine(
    files: readonly SourceFile[],
    { folder, overlay }: Workplace,
    signal: AbortSignal,
  ): Promise<Examined> {
    const root = forward(folder ?? realPathOr(dirname(files[0]?.path ?? '/')));
    const given = files.map((file): GivenFile => ({
      ...file,
      given: file.path,
      path: forward(realPathOfNearest(file.path)),
    }));
    const inside = given.filter(({ path }) => isInside(root, path));
    const names = new Map(inside.map(file => [file.path, file.given]));
    const givenAt = (path: string): string => names.get(path) ?? path;
    const others = [...(overlay ?? [])]
      .map(([path, text]) => ({ path: forward(realPathOfNearest(path)), text }))
      .filter(({ path }) => isInside(root, path) && !names.has(path));
    const state = [...inside.map(({ path, text }) => ({ path, text })), ...others];
    const examined = await examineApart(inside, part => ask(root, part, state, signal), signal);
    const outside = files.filter(({ path }) => inside.every(file => file.given !== path));
    const unknown = [
      ...(examined.unknown === null ? [] : [examined.unknown]),
      ...outside.map(file => fileNotJudged(file, 'lies outside of the workspace, where the compiler reads nothing')),
    ].map(each => (each.files === undefined ? each : { ...each, files: each.files.map(givenAt) }));
    return {
      findings: examined.findings.map(finding => ({ ...finding, path: givenAt(finding.path) })),
      unknown: joinUnknown(unknown),
    };
  }

  /** About some of the files, while all of the state stands as given. */
  async function ask(
    root: string,
    part: readonly SourceFile[],
    state: Question['others'],
    signal: AbortSignal,
  ): Promise<Examined | Fallen> {
    const files = part.map(({ path, text }) => ({ path, text }));
    const own = new Set(files.map(({ path }) => path));
    try {
      return await compiler.ask({ folder: root, files, others: state.filter(({ path }) => !own.has(path)) }, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      return { findings: [], unknown: { why: error.message, remedy: error.remedy, missing: null, files: [...own] } };
    }
  }
}

/** A file by its real path, and by the path that it was given under. */
interface GivenFile extends SourceFile {
  readonly given: string;
}

/** A new file has the real path of the folder it will lie in. */
function realPathOfNearest(path: string): string {
  const real = realPathOr(path);
  const parent = dirname(path);
  return real !== path || parent === path ? real : join(realPathOfNearest(parent), basename(path));
}

function forward(path: string): string {
  return path.replaceAll('\\', '/');
}
