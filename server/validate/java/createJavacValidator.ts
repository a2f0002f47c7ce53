import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, relative } from 'node:path';
import { mavenRepository } from '../../../index/packages/packageRoots.js';
import { isInside } from '../../base/paths.js';
import { textOnDisk } from '../../base/textOnDisk.js';
import { createDisk } from '../names/diskFolder.js';
import {
  inTemporaryFolder,
  once,
  toolCaller,
  toolFailed,
  toolMissing,
  type CallTool,
  type ToolchainOptions,
} from '../names/toolRun.js';
import { notKnown, nothingWrong, type Examined, type Finding, type SourceFile, type Validator } from '../validator.js';
import { readJavaProject, type JavaProject } from './javaProject.js';
import { findingOfError, javacErrors } from './javacMessages.js';
import { homeFolder } from '../../base/homeFolder.js';

export interface JavacValidatorOptions extends ToolchainOptions {
  readonly home?: string;
}

/**
 * What javac says of names and types: without processors of annotations, so that nothing of the workspace is run, into a
 * folder that is deleted, with the workspace's sources and the jars that its build names.
 */
export function createJavacValidator(options: JavacValidatorOptions): Validator {
  return {
    id: 'javac',
    judges: 'Java: names and types, by javac',
    reach: 'edit',
    needsTrust: true,
    looksAround: true,
    accepts: ({ languageId }) => languageId === 'java',
    examine(files, { folder, overlay }, signal) {
      if (folder === null) return Promise.resolve(notKnown('There is no workspace to compile.'));
      const call = toolCaller('javac', folder, options);
      if (call === null) return Promise.resolve(toolMissing('javac', 'a Java Development Kit'));
      const within = files.filter(({ path }) => isInside(folder, path));
      if (within.length === 0) return Promise.resolve(nothingWrong);
      const machine = { home: options.home ?? homeFolder(), env: options.env };
      const disk = createDisk([folder], [mavenRepository(machine), join(machine.home, '.gradle', 'caches')]);
      disk.refresh(overlay);
      const projectOf = (file: SourceFile): JavaProject => readJavaProject(file.path, file.text, folder, disk, machine);
      return inTemporaryFolder('javac', signal, temporary => examineWith(call, within, projectOf, temporary, signal));
    },
  };
}

async function examineWith(
  call: CallTool,
  files: readonly SourceFile[],
  projectOf: (file: SourceFile) => JavaProject,
  temporary: string,
  signal: AbortSignal,
): Promise<Examined> {
  const projects = new Map<string, { readonly project: JavaProject; readonly files: SourceFile[] }>();
  for (const file of files) {
    const project = projectOf(file);
    const key = project.jars.join(delimiter);
    const group = projects.get(key) ?? { project, files: [] };
    group.files.push(file);
    projects.set(key, group);
  }
  const findings: Finding[] = [];
  let unknown: Examined['unknown'] = null;
  for (const { project, files: own } of projects.values()) {
    const byPath = await layOver(own, project, temporary);
    const out = join(temporary, 'classes');
    mkdirSync(out, { recursive: true });
    const ran = await call(
      {
        args: argumentsFor([...byPath.keys()], project, temporary, out),
        cwd: temporary,
        extraEnv: { LANG: 'C', LC_ALL: 'C' },
      },
      signal,
    );
    if (ran.timedOut || (ran.exit !== 0 && ran.exit !== 1)) return toolFailed('javac', ran);
    const errors = javacErrors(`${ran.stdout}\n${ran.stderr}`);
    if (ran.exit === 1 && errors.length === 0) return toolFailed('javac', ran);
    for (const error of errors) {
      const file = byPath.get(error.path);
      const finding = file === undefined ? null : findingOfError(error, file);
      if (finding !== null) findings.push(finding);
    }
    // What keeps javac from going on may stand in a file that is not judged, or in none.
    if (ran.exit === 1 && findings.length === 0 && unknown === null)
      unknown = notKnown('Something else does not compile.').unknown;
    const lacks = whatIsLacking(project);
    if (lacks !== null && errors.length > 0) return notKnown(lacks);
  }
  return { findings: once(findings), unknown };
}

/** Then what is not found may well be there. */
function whatIsLacking({ isWhole, isGenerated }: JavaProject): string | null {
  if (isGenerated) return 'Some of the code is made by generators, which are not run.';
  return isWhole ? null : 'Not all that the build needs is in the local repository.';
}

/** Writes what is judged below one folder, by package, and says which file each of them stands for. */
async function layOver(
  files: readonly SourceFile[],
  { roots }: JavaProject,
  temporary: string,
): Promise<Map<string, SourceFile>> {
  const byPath = new Map<string, SourceFile>();
  for (const file of files) {
    const root = roots.find(each => isInside(each, file.path)) ?? dirname(file.path);
    const target =
      textOnDisk(file.path) === file.text ? file.path : join(temporary, 'sources', relative(root, file.path));
    if (target !== file.path) {
      mkdirSync(dirname(target), { recursive: true });
      await writeFile(target, file.text);
    }
    byPath.set(target, file);
  }
  return byPath;
}

function argumentsFor(
  paths: readonly string[],
  { jars, roots, release }: JavaProject,
  temporary: string,
  out: string,
): string[] {
  return [
    '-proc:none',
    '-implicit:none',
    '-nowarn',
    '-Xmaxerrs',
    '1000',
    '-encoding',
    'UTF-8',
    ...(release >= 8 && release <= 17 ? ['-source', String(release), '-Xlint:-options'] : []),
    '-d',
    out,
    '-sourcepath',
    [join(temporary, 'sources'), ...roots].join(delimiter),
    '-classpath',
    jars.length === 0 ? out : jars.join(delimiter),
    // A project that is a module itself looks for others there.
    ...(jars.length > 0 &&
    roots.some(root => existsSync(join(root, 'module-info.java'))) &&
    (release === 0 || release > 8)
      ? ['--module-path', jars.join(delimiter)]
      : []),
    ...paths,
  ];
}
