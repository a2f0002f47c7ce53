import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SpawnedServer } from '../support/spawnServer.js';

export interface TypingRun {
  readonly roundTripsMs: readonly number[];
  readonly suggestions: number;
}

/**
 * Opens a real file without some of its lines and types them in again, a character a request, as an editor would:
 * one change, one inline completion, the answer awaited. The time is from before the change is sent to the answer.
 */
export async function typeLines(server: SpawnedServer, path: string, keys: number): Promise<TypingRun> {
  const whole = readFileSync(path, 'utf8').split('\n');
  const uri = pathToFileURL(path).href;
  const lines = [...whole];
  const roundTripsMs: number[] = [];
  let suggestions = 0;
  let version = 1;
  const candidates = whole.flatMap((line, index) => (line.trim().length > 12 && index > 20 ? [index] : []));
  const stride = Math.max(1, Math.floor(candidates.length / Math.ceil(keys / 20)));
  server.rpc.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: languageIdOf(path), version, text: lines.join('\n') },
  });
  const change = (start: Position, end: Position, text: string): void => {
    version += 1;
    server.rpc.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start, end }, text }],
    });
  };
  for (let index = 0; index < candidates.length && roundTripsMs.length < keys; index += stride) {
    const line = candidates[index] ?? 0;
    const written = whole[line] ?? '';
    const indent = written.length - written.trimStart().length;
    change({ line, character: indent }, { line, character: written.length }, '');
    for (let column = indent; column < written.length && roundTripsMs.length < keys; column += 1) {
      const started = performance.now();
      const at = { line, character: column };
      change(at, at, written[column] ?? '');
      const answer = await server.rpc.request('textDocument/inlineCompletion', {
        textDocument: { uri },
        position: { line, character: column + 1 },
        context: { triggerKind: 2 },
      });
      roundTripsMs.push(performance.now() - started);
      if (hasItems(answer)) suggestions += 1;
    }
    change({ line, character: 0 }, { line, character: 100_000 }, written);
  }
  server.rpc.notify('textDocument/didClose', { textDocument: { uri } });
  return { roundTripsMs, suggestions };
}

interface Position {
  readonly line: number;
  readonly character: number;
}

export function hasItems(answer: unknown): boolean {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'items' in answer &&
    Array.isArray(answer.items) &&
    answer.items.length > 0
  );
}

/** Files of a tree whose number of lines lies in the given bounds, in the order of their paths. */
export function filesOfLength(folder: string, from: number, to: number): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /\.(?:go|py|java|ts|js)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
    .filter(path => {
      const count = readFileSync(path, 'utf8').split('\n').length;
      return count >= from && count <= to;
    });
}

const languageIds: Readonly<Record<string, string>> = {
  go: 'go',
  py: 'python',
  java: 'java',
  ts: 'typescript',
  js: 'javascript',
};

export function languageIdOf(path: string): string {
  return languageIds[path.split('.').pop() ?? ''] ?? 'plaintext';
}
