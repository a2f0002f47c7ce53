import { basename, dirname, join } from 'node:path';
import type { Entries } from '../../base/entries.js';
import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { isInside, realPathOr } from '../../base/paths.js';
import { notKnown, type Examined, type SourceFile, type Validator, type Workplace } from '../validator.js';
import { createCompilerProcess } from './compilerProcess.js';

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
    const given = files.map(({ path, text }) => ({ given: path, path: forward(realPathOfNearest(path)), text }));
    const inside = given.filter(({ path }) => isInside(root, path));
    if (inside.length === 0)
      return notKnown('The file lies outside of the workspace, where the compiler reads nothing.');
    const own = new Set(inside.map(({ path }) => path));
    const others = [...(overlay ?? [])]
      .map(([path, text]) => ({ path: forward(realPathOfNearest(path)), text }))
      .filter(({ path }) => isInside(root, path) && !own.has(path));
    try {
      const { findings, notJudged } = await compiler.ask(
        { folder: root, files: inside.map(({ path, text }) => ({ path, text })), others },
        signal,
      );
      const names = new Map(inside.map(file => [file.path, file.given]));
      const named = findings.map(finding => ({ ...finding, path: names.get(finding.path) ?? finding.path }));
      const outside = inside.length < given.length ? 'Some files lie outside of the workspace.' : null;
      const why = notJudged?.why ?? outside;
      const remedy = notJudged?.remedy ?? null;
      return { findings: named, unknown: why === null ? null : { why, remedy, missing: null } };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Failure) return notKnown(error.message, error.remedy, null);
      log.error('the compiler failed', error);
      return notKnown('The compiler failed on this file; the log says how.');
    }
  }
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
