import type { Log } from '../../base/log.js';
import { Failure } from '../../base/failure.js';
import { isPython } from '../python/pythonFile.js';
import { notKnown, type SourceFile, type Validator } from '../validator.js';
import { isForEslint, lintByEslint } from './eslint.js';
import { notUsed, type Linted } from './linted.js';
import { lintByRuff } from './ruffLinter.js';

export interface LintingOptions {
  /** Where tools are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

/** What the project's own eslint and Ruff object to, under their own names of rules. Their configuration is code, or names code. */
export function createLintingValidator({ env, log }: LintingOptions): Validator {
  const lint = async (
    files: readonly SourceFile[],
    folder: string,
    signal: AbortSignal,
  ): Promise<readonly Linted[]> => {
    const [python, scripts] = [files.filter(isPython), files.filter(({ path }) => isForEslint(path))];
    return [
      scripts.length === 0 ? notUsed : await lintByEslint(scripts, folder, env, signal),
      python.length === 0 ? notUsed : await lintByRuff(python, folder, env, signal),
    ];
  };
  return {
    id: 'linting',
    judges: 'What the project’s own eslint or Ruff objects to',
    reach: 'edit',
    needsTrust: true,
    accepts: file => isForEslint(file.path) || isPython(file),
    async examine(files, { folder }, signal) {
      if (folder === null) return notKnown('The files are in no workspace that could have linters.');
      try {
        const all = (await lint(files, folder, signal)).filter(({ isUsed }) => isUsed);
        if (all.length === 0) return notKnown('The project has no configuration of eslint or Ruff for these files.');
        const unknown = all.find(one => one.unknown !== null)?.unknown ?? null;
        return { findings: all.flatMap(({ findings }) => findings), unknown };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Failure)) throw error;
        log.warn(error.message, error.cause);
        return notKnown(`A linter could not be started: ${error.message}`);
      }
    },
    /** Some messages count: how many lines, how complex. */
    identity: ({ rule, message, start, end }, { text }) =>
      `${rule}\0${message.replace(/\d+/g, '#')}\0${text.slice(start, end).slice(0, 200).replace(/\s+/g, ' ')}`,
  };
}
