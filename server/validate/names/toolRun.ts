import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../base/failure.js';
import { cleanEnvironment } from '../../trust/environment.js';
import { findExecutable } from '../../trust/executable.js';
import { runTool, type ToolResult } from '../../trust/runTool.js';
import { notKnown, type Examined, type Finding, type SourceFile } from '../validator.js';

export interface ToolchainOptions {
  /** Where tools are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

export interface ToolCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly extraEnv: Readonly<Record<string, string>>;
}

export type CallTool = (call: ToolCall, signal: AbortSignal) => Promise<ToolResult>;

const defaultTimeoutMs = 60_000;

/** Finds a tool of the person's, never one that the workspace put there; null where there is none. */
export function toolCaller(
  name: string,
  workspace: string,
  { env, timeoutMs = defaultTimeoutMs }: ToolchainOptions,
): CallTool | null {
  const file = findExecutable(name, { path: env['PATH'], workspace });
  if (file === null) return null;
  const clean = cleanEnvironment(env, workspace);
  return ({ args, cwd, extraEnv }, signal) =>
    runTool(
      { file, args, cwd, stdin: null, timeoutMs, env: { ...clean, ...extraEnv }, maxOutputBytes: 16_000_000 },
      signal,
    );
}

export function toolMissing(name: string, what: string): Examined {
  return notKnown(`${name} was not found.`, `Install ${what}, or put it on PATH.`, name);
}

/** What went wrong with a tool says nothing of the files. */
export function toolFailed(name: string, { stderr, timedOut }: Pick<ToolResult, 'stderr' | 'timedOut'>): Examined {
  if (timedOut) return notKnown(`${name} took too long.`);
  const line = stderr.split('\n').find(each => each.trim() !== '') ?? '';
  return notKnown(`${name} failed${line === '' ? '' : `: ${line.trim().slice(0, 200)}`}.`, null, name);
}

/** A folder for one question, deleted afterwards; a Failure of the tool is an `unknown`. */
export async function inTemporaryFolder(
  tool: string,
  signal: AbortSignal,
  use: (folder: string) => Promise<Examined>,
): Promise<Examined> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'understudy-names-'));
  try {
    return await use(folder);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    return notKnown(error.message, error.remedy, tool);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One finding of a tool; names are judged high, the rest is a matter of types. */
export function toolFinding(
  file: SourceFile,
  rule: string,
  place: { readonly start: number; readonly end: number },
  message: string,
): Finding {
  const severity = rule.startsWith('names/') ? 'high' : 'medium';
  const text = /[.!?]$/.test(message) ? message : `${message}.`;
  return {
    rule,
    severity,
    path: file.path,
    ...place,
    message: text.charAt(0).toUpperCase() + text.slice(1),
    fix: null,
  };
}

export function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ path, start, rule, message }) => {
    const key = JSON.stringify([path, start, rule, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
