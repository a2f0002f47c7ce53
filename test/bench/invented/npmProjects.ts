/** Packages that ship their sources, unpacked as projects with what they depend on installed beside them. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { repositoryRoot } from '../../support/repositoryRoot.js';
import { benchCache } from '../workspaces.js';
import type { Project } from './row.js';

export interface NpmProject {
  /** NAME@VERSION */
  readonly spec: string;
  /** Folders of the package whose files are judged. */
  readonly sources: readonly string[];
  /** What its developers have installed too, as types are. */
  readonly beside?: readonly string[];
  readonly heldBack: boolean;
}

const maxFiles = 60;
const maxFileBytes = 120_000;

export function npmProject({ spec, sources, beside = [], heldBack }: NpmProject, endings: RegExp): Project {
  const folder = join(benchCache(), 'invented', spec.replace(/[@/]+/g, '-').replace(/^-/, ''));
  if (!existsSync(folder)) {
    const building = `${folder}.${process.pid}`;
    rmSync(building, { recursive: true, force: true });
    mkdirSync(building, { recursive: true });
    npm(building, ['pack', '--silent', spec]);
    const [archive = ''] = readdirSync(building);
    execFileSync('tar', ['xzf', archive, '--strip-components=1'], { cwd: building });
    rmSync(join(building, archive));
    npm(building, [
      'install',
      '--omit=dev',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--no-save',
      '--legacy-peer-deps',
      ...beside,
    ]);
    renameSync(building, folder);
  }
  return projectIn(spec, folder, sources, endings, heldBack);
}

/** Understudy itself. What is installed is copied without what is no text, as a link would lead out of the workspace. */
export function ownProject(sources: readonly string[], endings: RegExp): Project {
  const folder = join(benchCache(), 'invented', `understudy-${process.pid}`);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const text = (path: string) => !/\.(?:node|wasm|map)$/.test(path);
  for (const part of [...sources, 'package.json', 'tsconfig.json'])
    cpSync(join(repositoryRoot, part), join(folder, part), { recursive: true });
  cpSync(realpathSync(join(repositoryRoot, 'node_modules')), join(folder, 'node_modules'), {
    recursive: true,
    filter: text,
  });
  return projectIn('understudy', folder, sources, endings, false);
}

function npm(cwd: string, args: readonly string[]): void {
  execFileSync('npm', [...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

function projectIn(
  name: string,
  given: string,
  sources: readonly string[],
  endings: RegExp,
  heldBack: boolean,
): Project {
  const folder = realpathSync(given);
  const all = sources
    .flatMap(part =>
      readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' }).map(path => join(folder, part, path)),
    )
    .filter(
      path =>
        endings.test(path) &&
        !/\.d\.[cm]?ts$|\.min\.js$/.test(path) &&
        !relative(folder, path).includes('node_modules'),
    )
    .filter(path => statSync(path).isFile() && statSync(path).size < maxFileBytes)
    .sort();
  const files =
    all.length <= maxFiles
      ? all
      : Array.from({ length: maxFiles }, (_, index) => all[Math.floor((index * all.length) / maxFiles)] ?? '');
  if (files.length === 0) throw new Error(`${basename(folder)} ships none of the sources that were expected.`);
  return { name, folder, files, heldBack };
}
