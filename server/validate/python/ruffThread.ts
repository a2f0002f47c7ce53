// A worker_threads entry: Ruff as WebAssembly. It reads no files; ruffClient ends it and starts it anew.
import { parentPort } from 'node:worker_threads';
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs';
import { lineStartsOf, type LineStarts } from '../../base/position.js';
import { isRecord } from '../../base/record.js';
import type { RuffDiagnostic, RuffReply, RuffRequest, RuffStyle } from './ruffMessages.js';

// A rejection reaches the client as the thread's error.
if (parentPort !== null) run(parentPort);

function run(port: NonNullable<typeof parentPort>): void {
  const workspaces = new Map<string, Workspace>();
  const workspaceFor = (options: object): Workspace => {
    const key = JSON.stringify(options);
    const known = workspaces.get(key);
    if (known !== undefined) return known;
    const made = new Workspace(options, PositionEncoding.Utf16);
    workspaces.set(key, made);
    return made;
  };
  port.on('message', (request: RuffRequest) => port.postMessage(answer(request, workspaceFor)));
}

function answer(request: RuffRequest, workspaceFor: (options: object) => Workspace): RuffReply {
  const { id } = request;
  try {
    if (request.type === 'format') return { type: 'formatted', id, text: format(request, workspaceFor) };
    const workspace = workspaceFor({ ...anyPython, preview: false, lint: { select: request.select } });
    return { type: 'checked', id, diagnostics: check(workspace, request.text) };
  } catch (error) {
    // After a panic in WebAssembly the module is not to be trusted: the client starts another thread.
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return { type: 'failed', id, message: String(error) };
  }
}

/** The newest grammar: what an older Python does not know is no matter of syntax here. */
const anyPython = { 'target-version': 'py314' };

function check(workspace: Workspace, text: string): readonly RuffDiagnostic[] {
  const starts = lineStartsOf(text);
  return asList(workspace.check(text)).flatMap(raw => {
    if (!isRecord(raw)) return [];
    const [start, end] = [placeOf(starts, raw['start_location']), placeOf(starts, raw['end_location'])];
    if (start === null || end === null || typeof raw['message'] !== 'string') return [];
    const code = typeof raw['code'] === 'string' ? raw['code'] : 'invalid-syntax';
    return [{ code, message: raw['message'], start, end }];
  });
}

/** Null where the text is no Python. */
function format(
  { text, style }: { readonly text: string; readonly style: RuffStyle },
  workspaceFor: (options: object) => Workspace,
): string | null {
  const { lineLength, indentWidth, indentStyle, quoteStyle, magicTrailingComma } = style;
  const options = {
    ...anyPython,
    ...(lineLength === undefined ? {} : { 'line-length': lineLength }),
    ...(indentWidth === undefined ? {} : { 'indent-width': indentWidth }),
    format: {
      ...(indentStyle === undefined ? {} : { 'indent-style': indentStyle }),
      ...(quoteStyle === undefined ? {} : { 'quote-style': quoteStyle }),
      ...(magicTrailingComma === 'ignore' ? { 'skip-magic-trailing-comma': true } : {}),
    },
  };
  const workspace = workspaceFor(options);
  try {
    return workspace.format(text);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return null;
  }
}

/** Rows and columns count from 1, columns in utf-16 units. */
function placeOf(starts: LineStarts, location: unknown): number | null {
  if (!isRecord(location)) return null;
  const { row, column } = location;
  if (typeof row !== 'number' || typeof column !== 'number') return null;
  return (starts[row - 1] ?? starts.at(-1) ?? 0) + column - 1;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
