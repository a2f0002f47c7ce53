import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { isInside } from '../../base/paths.js';
import { isRecord } from '../../base/record.js';
import { cleanEnvironment } from '../../trust/environment.js';
import { findExecutable } from '../../trust/executable.js';
import { runTool } from '../../trust/runTool.js';
import { findPackage } from '../tests/installedPackage.js';
import type { SourceFile } from '../validator.js';
import { budgetMs, tooMany, unknownLayout, unused, type Formatter, type Layout } from './formatter.js';
import { prettierSettings } from './prettierSettings.js';
import { pythonStyle } from './pythonStyle.js';
import { readSettings } from './readSettings.js';

type Environment = Readonly<Record<string, string | undefined>>;

const timeoutMs = 20_000;

/**
 * The prettier that is installed for the project, with its settings and plugins, which are code: only for a workspace that is trusted. One
 * process for all files. Where none is installed, `otherwise` answers.
 */
export function ownPrettier(env: Environment, otherwise: Formatter): Formatter {
  return async (files, folder, signal) => {
    const first = files[0];
    if (first === undefined) return [];
    const installed = await findPackage(dirname(first.path), 'prettier');
    if (installed === null) return otherwise(files, folder, signal);
    const uses = await Promise.all(files.map(file => prettierSettings(file.path, folder)));
    const nonce = randomUUID();
    const asked = files.filter((_, at) => uses[at]?.kind !== 'unused');
    if (asked.length === 0) return files.map(() => unused);
    const stdin = JSON.stringify({
      nonce,
      budgetMs,
      prettier: installed.folder,
      ignorePath: join(folder, '.prettierignore'),
      files: asked.map(({ path, text }) => ({ path, text })),
    });
    const node = findExecutable('node', { path: env['PATH'], workspace: folder }) ?? process.execPath;
    const args = ['--input-type=commonjs', '-e', prettierScript];
    const run = {
      file: node,
      args,
      cwd: folder,
      stdin,
      timeoutMs,
      maxOutputBytes: 64 * 1024 * 1024,
      env: cleanEnvironment(env, folder),
    };
    const { stdout, stderr, timedOut } = await runTool(run, signal);
    const answers = answersIn(stdout, nonce);
    if (answers === null) {
      const failed = unknownLayout(
        timedOut ? 'The project’s prettier took too long.' : `The project’s prettier failed: ${firstLine(stderr)}`,
      );
      return files.map(() => failed);
    }
    const byPath = new Map(asked.map((file, at) => [file.path, layoutOf(answers[at])]));
    return files.map(({ path }) => byPath.get(path) ?? unused);
  };
}

function answersIn(stdout: string, nonce: string): readonly unknown[] | null {
  const line = stdout.split('\n').find(one => one.startsWith(nonce));
  if (line === undefined) return null;
  const value: unknown = JSON.parse(line.slice(nonce.length));
  return Array.isArray(value) ? value : null;
}

function layoutOf(answer: unknown): Layout {
  if (!isRecord(answer)) return unused;
  const { text, problem, isLate } = answer;
  if (isLate === true) return tooMany;
  if (typeof problem === 'string') return unknownLayout(`The project’s prettier failed: ${firstLine(problem)}`);
  return typeof text === 'string' ? { kind: 'formatted', text, by: 'prettier' } : unused;
}

const prettierScript = `
const chunks = [];
process.stdin.on('data', chunk => chunks.push(chunk)).on('end', async () => {
  const { nonce, budgetMs, prettier: folder, ignorePath, files } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const prettier = require(folder);
  const answers = [];
  const until = performance.now() + budgetMs;
  for (const { path, text } of files) {
    if (performance.now() > until) {
      answers.push({ isLate: true });
      continue;
    }
    try {
      const { ignored, inferredParser } = await prettier.getFileInfo(path, { ignorePath });
      const options = await prettier.resolveConfig(path, { editorconfig: true });
      const isKnown = inferredParser !== null || (options !== null && options.parser !== undefined);
      answers.push({ text: ignored || !isKnown ? null : await prettier.format(text, { ...options, filepath: path }) });
    } catch (error) {
      answers.push(error.name === 'SyntaxError' ? { text: null } : { problem: String(error.message) });
    }
  }
  process.stdout.write('\\n' + nonce + JSON.stringify(answers) + '\\n', () => process.exit(0));
});
`;

/** The project's Ruff: of its environment, else of PATH. */
export function ownRuff(env: Environment, otherwise: Formatter): Formatter {
  return async (files, folder, signal) => {
    const file = findRuff(env, folder);
    if (file === null) return otherwise(files, folder, signal);
    return perFile(files, signal, async one => {
      if ((await pythonStyle(one.path, folder)) === null) return unused;
      const args = ['format', '--no-cache', '--stdin-filename', one.path, '-'];
      const run = { file, args, cwd: folder, stdin: one.text, timeoutMs, env: cleanEnvironment(env, folder) };
      const { exit, stdout, stderr } = await runTool(run, signal);
      if (exit === 0) return { kind: 'formatted', text: stdout, by: 'Ruff' };
      return /failed to parse/i.test(stderr)
        ? unused
        : unknownLayout(`The project’s Ruff failed: ${firstLine(stderr)}`);
    });
  };
}

/** In a trusted workspace: of its own environment first, then of PATH. */
export function findRuff(env: Environment, folder: string): string | null {
  const own = ['.venv', 'venv'].map(name => join(folder, name, 'bin', 'ruff')).find(path => existsSync(path));
  return own ?? findExecutable('ruff', { path: env['PATH'], workspace: folder });
}

/** A process for each file takes longer than ours for many. */
const mostByProcess = 50;

export function ownGofmt(env: Environment, otherwise: Formatter): Formatter {
  return async (files, folder, signal) => {
    const file = findExecutable('gofmt', { path: env['PATH'], workspace: folder });
    if (file === null || files.length > mostByProcess) return otherwise(files, folder, signal);
    return perFile(files, signal, async ({ text }) => {
      const run = { file, args: [], cwd: folder, stdin: text, timeoutMs, env: cleanEnvironment(env, folder) };
      const { exit, stdout } = await runTool(run, signal);
      return exit === 0 ? { kind: 'formatted', text: stdout, by: 'gofmt' } : unused;
    });
  };
}

/** There is none in WebAssembly: only where the workspace is trusted and Rust is installed. */
export function ownRustfmt(env: Environment): Formatter {
  return async (files, folder, signal) => {
    const file = findExecutable('rustfmt', { path: env['PATH'], workspace: folder });
    if (file === null) {
      const missing = unknownLayout(
        'rustfmt is not installed.',
        'Install it: rustup component add rustfmt.',
        'rustfmt',
      );
      return files.map(() => missing);
    }
    return perFile(files, signal, async one => {
      const args = ['--emit', 'stdout', '--edition', await edition(one.path, folder)];
      const run = {
        file,
        args,
        cwd: nearestFolder(one.path, folder),
        stdin: one.text,
        timeoutMs,
        env: cleanEnvironment(env, folder),
      };
      const { exit, stdout, stderr } = await runTool(run, signal);
      if (exit === 0) return { kind: 'formatted', text: stdout, by: 'rustfmt' };
      return /^error(?:\[|: (?:expected|unexpected|this file contains|mismatched|unclosed|unknown))/m.test(stderr)
        ? unused
        : unknownLayout(`rustfmt failed: ${firstLine(stderr)}`);
    });
  };
}

/** Where rustfmt looks for its settings; a new file's own folder may not exist yet. */
function nearestFolder(path: string, folder: string): string {
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) if (existsSync(at)) return at;
  return folder;
}

async function edition(path: string, folder: string): Promise<string> {
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    const text = await readSettings(folder, at, 'Cargo.toml');
    const named = text === null ? null : editionIn(text);
    if (named !== null) return named;
    if (at === dirname(at)) break;
  }
  return '2021';
}

function editionIn(text: string): string | null {
  try {
    const { package: own, workspace } = parseToml(text);
    const shared = isRecord(workspace) ? workspace['package'] : null;
    const found = [own, shared].map((table): unknown => (isRecord(table) ? table['edition'] : null));
    return found.find((one): one is string => typeof one === 'string' && /^20\d\d$/.test(one)) ?? null;
  } catch {
    return null;
  }
}

async function perFile(
  files: readonly SourceFile[],
  signal: AbortSignal,
  lay: (file: SourceFile) => Promise<Layout>,
): Promise<readonly Layout[]> {
  const until = performance.now() + budgetMs;
  const layouts: Layout[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    layouts.push(performance.now() > until ? tooMany : await lay(file));
  }
  return layouts;
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300);
}
