import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { isInside } from '../../base/paths.js';
import { isRecord } from '../../base/record.js';
import { cleanEnvironment } from '../../trust/environment.js';
import { findExecutable } from '../../trust/executable.js';
import { runTool } from '../../trust/runTool.js';
import { findPackage } from '../tests/installedPackage.js';
import type { Finding, Replacement, SourceFile, Unknown } from '../validator.js';
import { cannotLint, createPlaces, firstLine, lintFinding, notUsed, type Linted, type Objection } from './linted.js';

type Environment = Readonly<Record<string, string | undefined>>;

const extensions: ReadonlySet<string> = new Set('.js .cjs .mjs .jsx .ts .cts .mts .tsx .vue .svelte'.split(' '));
const configurationName = /^(?:eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.(?:js|cjs|json|ya?ml))?)$/;
const timeoutMs = 25_000;

export function isForEslint(path: string): boolean {
  return extensions.has(extname(path));
}

/**
 * The eslint that is installed for the project, with its configuration, which is code: only for a workspace that is trusted. One process
 * for all files of a configuration; what they hold is given, whatever is on disk.
 */
export async function lintByEslint(
  files: readonly SourceFile[],
  folder: string,
  env: Environment,
  signal: AbortSignal,
): Promise<Linted> {
  const roots = new Map<string, SourceFile[]>();
  for (const file of files) {
    const root = await configurationFolder(file.path, folder);
    if (root !== null) roots.set(root, [...(roots.get(root) ?? []), file]);
  }
  if (roots.size === 0) return notUsed;
  const findings: Finding[] = [];
  let unknown: Unknown | null = null;
  for (const [root, own] of roots) {
    const linted = await lintFrom(root, own, folder, env, signal);
    findings.push(...linted.findings);
    unknown ??= linted.unknown;
  }
  return { isUsed: true, findings, unknown };
}

async function configurationFolder(path: string, folder: string): Promise<string | null> {
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    const names = await readdir(at).catch((): readonly string[] => []);
    if (names.some(name => configurationName.test(name))) return at;
    if (at === dirname(at)) break;
  }
  return null;
}

async function lintFrom(
  root: string,
  files: readonly SourceFile[],
  folder: string,
  env: Environment,
  signal: AbortSignal,
): Promise<Linted> {
  const installed = await findPackage(root, 'eslint');
  if (installed === null)
    return cannotLint('eslint is configured, but not installed.', 'Install the packages of the project.', 'eslint');
  const nonce = randomUUID();
  const asked = files.map(({ path, text }) => ({ path, text }));
  const stdin = JSON.stringify({ nonce, eslint: installed.folder, cwd: root, files: asked });
  const file = findExecutable('node', { path: env['PATH'], workspace: folder }) ?? process.execPath;
  const run = {
    file,
    args: ['--input-type=commonjs', '-e', script],
    cwd: root,
    stdin,
    timeoutMs,
    maxOutputBytes: 32 * 1024 * 1024,
    env: cleanEnvironment(env, folder),
  };
  const { stdout, stderr, timedOut } = await runTool(run, signal);
  const answer = answerIn(stdout, nonce);
  if (!Array.isArray(answer)) {
    const problem = typeof answer === 'string' ? answer : stderr;
    return cannotLint(
      timedOut ? 'The project’s eslint took too long.' : `The project’s eslint failed: ${firstLine(problem)}`,
    );
  }
  const results = files.map((one, at) => readMessages(one, answer[at]));
  return {
    isUsed: true,
    findings: results.flatMap(({ findings }) => findings),
    unknown: results.find(({ unknown }) => unknown !== null)?.unknown ?? null,
  };
}

/** A list with one entry for each file, or the text of what went wrong; null where it did not come to an answer. */
function answerIn(stdout: string, nonce: string): unknown {
  const line = stdout.split('\n').find(one => one.startsWith(nonce));
  return line === undefined ? null : JSON.parse(line.slice(nonce.length));
}

function readMessages(file: SourceFile, messages: unknown): Pick<Linted, 'findings' | 'unknown'> {
  const places = createPlaces(file.text);
  const findings: Finding[] = [];
  let unknown: Unknown | null = null;
  for (const message of Array.isArray(messages) ? messages : []) {
    if (!isRecord(message)) continue;
    const { ruleId, message: text, line, column, endLine, endColumn, fatal, severity, fix } = message;
    if (fatal === true) {
      // Whether it is no such language is said by others; or its parser is not set up.
      unknown ??= {
        why: `The project’s eslint could not read a file: ${firstLine(String(text))}`,
        remedy: null,
        missing: null,
      };
    }
    if (
      typeof ruleId !== 'string' ||
      typeof text !== 'string' ||
      typeof line !== 'number' ||
      typeof column !== 'number'
    )
      continue;
    const start = places.ofUnits(line, column);
    const hasEnd = typeof endLine === 'number' && typeof endColumn === 'number';
    const objection: Objection = {
      rule: ruleId,
      message: text,
      isError: severity === 2,
      start,
      end: hasEnd ? places.ofUnits(endLine, endColumn) : start,
      fix: replacementsOf(fix),
    };
    findings.push(lintFinding('eslint', file, objection));
  }
  return { findings, unknown };
}

function replacementsOf(fix: unknown): readonly Replacement[] | null {
  if (!isRecord(fix) || !Array.isArray(fix['range'])) return null;
  const [start, end]: readonly unknown[] = fix['range'];
  const text = fix['text'];
  return typeof start === 'number' && typeof end === 'number' && typeof text === 'string'
    ? [{ start, end, text }]
    : null;
}

// A mark of order at the beginning of a text is not counted by eslint; who reads files here has taken it away.
const script = `
const chunks = [];
process.stdin.on('data', chunk => chunks.push(chunk)).on('end', async () => {
  const { nonce, eslint: folder, cwd, files } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  let answer;
  try {
    const eslint = require(folder);
    const Linter = eslint.loadESLint ? await eslint.loadESLint({ cwd }) : eslint.ESLint;
    const linter = new Linter({ cwd });
    answer = [];
    for (const { path, text } of files) {
      const [result] = await linter.lintText(text, { filePath: path, warnIgnored: false });
      answer.push(result ? result.messages : []);
    }
  } catch (error) {
    answer = String((error && error.message) || error);
  }
  process.stdout.write('\\n' + nonce + JSON.stringify(answer) + '\\n', () => process.exit(0));
});
`;
