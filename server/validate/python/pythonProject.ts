import { existsSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { Failure } from '../../base/failure.js';
import { findExecutable } from '../../trust/executable.js';
import { isInside } from '../../base/paths.js';
import type { StateFiles } from '../stateFiles.js';
import type { SourceFile } from '../validator.js';
import { readDeclarations } from './declaredPackages.js';
import { createDefinedNames, type DefinedNames } from './definedNames.js';
import type { PyrightPlace } from './findPyright.js';
import { startPyright, type PyrightDiagnostic, type PyrightSession } from './pyrightSession.js';
import { findEnvironment, installedNames, type PythonEnvironment } from './pythonEnvironment.js';
import { readLayout, type PythonLayout } from './pythonLayout.js';
import type { ImportSurroundings } from './unknownImport.js';

export interface ProjectOptions {
  readonly folder: string;
  readonly workspace: string | null;
  readonly isTrusted: boolean;
  readonly place: PyrightPlace;
  /** Of the server. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What pyright gets of it. */
  readonly childEnv: Readonly<Record<string, string>>;
  readonly onStart: (pid: number) => void;
  readonly onAnswer: () => void;
  /** It ended without being told to. */
  readonly onEnd: (why: string) => void;
}

export interface ProjectAnswer {
  /** Of each file, in their order. */
  readonly diagnostics: readonly (readonly PyrightDiagnostic[])[];
  readonly surroundings: ImportSurroundings;
  readonly defined: MembersDefined;
}

/** Members that some source of this state defines, whatever of. */
export interface MembersDefined {
  isDefined(name: string, packages: readonly string[], signal: AbortSignal): Promise<boolean>;
}

export interface PythonProject {
  /** One after the other, as they are asked. */
  examine(files: readonly SourceFile[], state: StateFiles, signal: AbortSignal): Promise<ProjectAnswer>;
  /** Whether a question waits for its answer. */
  isBusy(): boolean;
  end(): Promise<void>;
}

interface Running {
  readonly session: PyrightSession;
  readonly installed: ReadonlySet<string> | null;
  readonly sitePackages: readonly string[];
  readonly defined: DefinedNames;
}

interface Read {
  readonly at: number;
  readonly layout: PythonLayout;
  readonly ownNames: ReadonlySet<string>;
}

/** How long what lies on disk is taken for unchanged: a change is judged twice, before and after. */
const freshMs = 500;

export function openProject(options: ProjectOptions): PythonProject {
  const { folder, workspace } = options;
  const folders = foldersUpTo(folder, workspace);
  let read: Read | null = null;
  let running: Promise<Running> | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let isEnding = false;
  let waiting = 0;

  const look = async (signal: AbortSignal): Promise<Read> => {
    if (read !== null && performance.now() - read.at < freshMs) return read;
    const layout = await readLayout(folder, signal);
    read = { at: performance.now(), layout, ownNames: namesOf(layout, folder) };
    return read;
  };

  const start = async ({ layout }: Read, signal: AbortSignal): Promise<Running> => {
    const environment = findEnvironment({ folders, env: options.env });
    const session = await startPyright(
      {
        place: options.place,
        env: options.childEnv,
        stamps: layout.stamps,
        project: {
          roots: rootsOf(layout),
          environment,
          version: environment?.version ?? newestVersion,
          interpreter: options.isTrusted ? interpreterOf(environment, options) : null,
        },
      },
      signal,
    );
    if (session.pid !== null) options.onStart(session.pid);
    void session.ended.then(why => {
      running = null;
      if (!isEnding) options.onEnd(why);
    });
    return {
      session,
      installed: environment === null ? null : installedNames(environment),
      sitePackages: environment?.sitePackages ?? [],
      defined: createDefinedNames(() => read?.layout.stamps ?? new Map(), environment?.sitePackages ?? []),
    };
  };

  const examine = async (
    files: readonly SourceFile[],
    state: StateFiles,
    signal: AbortSignal,
  ): Promise<ProjectAnswer> => {
    signal.throwIfAborted();
    const seen = await look(signal);
    // Nobody would end what is started now.
    if (isEnding) throw new Failure('unavailable', 'It was put away for another project.');
    running ??= start(seen, signal);
    const { session, installed, sitePackages, defined } = await running.catch((error: unknown) => {
      running = null;
      if (!signal.aborted) options.onEnd(error instanceof Failure ? error.message : String(error));
      throw error;
    });
    await session.sourcesAre(seen.layout.stamps);
    signal.throwIfAborted();
    const diagnostics = await session.examine(files, signal);
    options.onAnswer();
    const { ownNames, layout } = seen;
    const declarations = await readDeclarations(folders, state);
    const judged = files.map(file => file.path);
    return {
      diagnostics,
      defined: { isDefined: (name, packages, ending) => defined.isDefined(name, packages, state, ending) },
      surroundings: {
        declarations,
        ownNames,
        installed,
        judged,
        files: state,
        folders: [...rootsOf(layout), ...sitePackages],
      },
    };
  };

  /** The workspace last: its folders are packages only where nothing nearer is called so. */
  const rootsOf = ({ roots }: PythonLayout): readonly string[] =>
    workspace === null || roots.includes(workspace) ? roots : [...roots, workspace];

  return {
    examine(files, state, signal) {
      waiting++;
      const answer = queue.then(() => examine(files, state, signal)).finally(() => waiting--);
      queue = answer.catch(() => {});
      return answer;
    },
    isBusy: () => waiting > 0,
    async end() {
      isEnding = true;
      const started = await running?.catch(() => null);
      await started?.session.end();
    },
  };
}

const newestVersion = '3.13';

/** The project's folder and those around it, as far as the workspace goes. */
function foldersUpTo(folder: string, workspace: string | null): readonly string[] {
  if (workspace === null || !isInside(workspace, folder)) return [folder];
  const folders = [folder];
  for (let at = folder; at !== workspace && at !== dirname(at);) {
    at = dirname(at);
    folders.push(at);
  }
  return folders;
}

function namesOf({ stamps }: PythonLayout, folder: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const path of stamps.keys()) {
    const parts = path.slice(folder.length + 1).split(sep);
    for (const part of parts.slice(0, -1)) names.add(part);
    names.add(basename(path).replace(/\.pyi?$/, ''));
  }
  return names;
}

/** Of the environment, or the one on PATH. Trusted workspaces only. */
function interpreterOf(
  environment: PythonEnvironment | null,
  { env, workspace, folder }: ProjectOptions,
): string | null {
  if (environment?.isOwn === true) {
    const candidates = [join(environment.prefix, 'bin', 'python'), join(environment.prefix, 'Scripts', 'python.exe')];
    return candidates.find(candidate => existsSync(candidate)) ?? null;
  }
  return findExecutable('python3', { path: env['PATH'], workspace: workspace ?? folder });
}
