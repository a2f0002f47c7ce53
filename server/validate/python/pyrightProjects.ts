import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { cleanEnvironment } from '../../trust/environment.js';
import { stateFiles } from '../stateFiles.js';
import type { SourceFile, Workplace } from '../validator.js';
import { findPyright, type PyrightPlace } from './findPyright.js';
import { openProject, type PythonProject } from './pythonProject.js';
import { projectFolderOf } from './pythonLayout.js';

export interface PyrightProjectsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly own?: URL | null;
  readonly idleMs?: number;
  readonly onStart?: (pid: number) => void;
}

/** The projects that were asked about lately, each with a pyright of its own. */
export interface PyrightProjects {
  /**
   * The files by project, each opened when it is its turn, as only so many are kept; null where there is no pyright. Raises a
   * Failure while pyright is not to be started again yet.
   */
  of(
    files: readonly SourceFile[],
    workplace: Workplace,
  ): AsyncIterable<{ readonly group: readonly SourceFile[]; readonly project: PythonProject | null }>;
  /** Ends all that run, as one of them does not answer. */
  giveUp(): Promise<void>;
  dispose(): Promise<void>;
}

/** Each takes some 150 MB. */
const mostProjects = 2;
const firstWaitMs = 1000;
const longestWaitMs = 60_000;

export function createPyrightProjects(options: PyrightProjectsOptions): PyrightProjects {
  const { env, log, own = new URL(import.meta.url), idleMs = 240_000 } = options;
  const projects = new Map<string, PythonProject>();
  let idleTimer: NodeJS.Timeout | null = null;
  let failures = 0;
  let waitUntil = 0;

  const endAll = async (): Promise<void> => {
    if (idleTimer !== null) clearTimeout(idleTimer);
    idleTimer = null;
    const all = [...projects.values()];
    projects.clear();
    await Promise.all(all.map(project => project.end()));
  };

  const postponeRest = (): void => {
    if (idleTimer !== null) return void idleTimer.refresh();
    idleTimer = setTimeout(() => {
      if ([...projects.values()].some(project => project.isBusy())) return void idleTimer?.refresh();
      log.debug('pyright was idle and is ended.');
      void endAll(); // Nothing waits for the end of what is idle.
    }, idleMs);
    idleTimer.unref();
  };

  const fail = (): void => {
    waitUntil = performance.now() + Math.min(longestWaitMs, firstWaitMs * 2 ** failures);
    failures++;
  };

  const projectFor = async (folder: string, workplace: Workplace, place: PyrightPlace): Promise<PythonProject> => {
    const key = JSON.stringify([folder, workplace.isTrusted, place]);
    const known = projects.get(key);
    if (known !== undefined) {
      projects.delete(key);
      projects.set(key, known);
      return known;
    }
    if (performance.now() < waitUntil) throw new Failure('unavailable', 'It failed a moment ago.');
    for (const [oldest, project] of projects) {
      if (projects.size < mostProjects) break;
      projects.delete(oldest);
      await project.end();
    }
    const project = openProject({
      folder,
      workspace: workplace.folder,
      isTrusted: workplace.isTrusted,
      place,
      env,
      childEnv: cleanEnvironment(env, workplace.folder ?? folder),
      onStart: options.onStart ?? (() => {}),
      onAnswer: () => (failures = 0),
      onEnd: why => {
        if (projects.get(key) !== project) return;
        projects.delete(key);
        fail();
        log.warn(`pyright ended by itself: ${why}`);
      },
    });
    projects.set(key, project);
    return project;
  };

  return {
    async *of(files, workplace) {
      postponeRest();
      const state = stateFiles(workplace.overlay);
      const groups = new Map<string, SourceFile[]>();
      for (const file of files) {
        const folder = projectFolderOf(file.path, workplace.folder, state);
        groups.set(folder, [...(groups.get(folder) ?? []), file]);
      }
      for (const [folder, group] of groups) {
        const workspace = workplace.folder ?? folder;
        const place = findPyright({ path: env['PATH'], own, workspace, isTrusted: workplace.isTrusted });
        yield { group, project: place === null ? null : await projectFor(folder, workplace, place) };
      }
    },
    async giveUp() {
      fail();
      await endAll();
    },
    dispose: endAll,
  };
}
