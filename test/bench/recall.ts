/** Recall alone, in process: the time of a keystroke (change) and of a question (suggest) over a large workspace, and its bytes per token. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRecallInProcess, type RecallInProcess } from '../../index/recall/createRecallInProcess.js';
import { createRanker } from '../../index/recall/ranker.js';
import type { DocSnapshot } from '../../server/base/snapshot.js';
import { percentiles, type Percentiles } from './percentiles.js';
import { filesOfLength, languageIdOf } from './typing.js';
import { largeWorkspace } from './workspaces.js';

export interface RecallResult {
  readonly tokens: number;
  readonly bytesPerToken: number;
  readonly suggestMs: Percentiles;
  /** In files of more than 3,500 lines. */
  readonly changeMs: Percentiles;
  readonly suggestedShare: number;
}

const maxTokens = 5_000_000;

export function benchRecall(): RecallResult {
  const tree = largeWorkspace();
  const file = fileURLToPath(new URL('../../../index/recall/weights.json', import.meta.url));
  const ranker = createRanker(JSON.parse(readFileSync(file, 'utf8')));
  const recall = createRecallInProcess({ ranker, maxTokens });
  for (const entry of readdirSync(tree.folder, { withFileTypes: true, recursive: true })) {
    if (recall.stats().tokens > maxTokens * 0.98) break;
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) recall.updateFile(path, readFileSync(path, 'utf8'));
  }
  const suggestMs: number[] = [];
  const changeMs: number[] = [];
  let suggested = 0;
  const short = filesOfLength(tree.folder, 300, 2_000);
  const long = filesOfLength(tree.folder, 3_500, 6_500);
  for (let index = 0; index < 40; index += 1) {
    const path = short[Math.floor((index * short.length) / 40)];
    if (path !== undefined) suggested += typeIn(recall, path, 100, index < 4 ? [] : suggestMs, []);
  }
  for (const path of long.slice(0, 6)) suggested += typeIn(recall, path, 200, suggestMs, changeMs);
  const stats = recall.stats();
  return {
    tokens: stats.tokens,
    bytesPerToken: Number((stats.bytes / stats.tokens).toFixed(1)),
    suggestMs: percentiles(suggestMs),
    changeMs: percentiles(changeMs),
    suggestedShare: Number((suggested / suggestMs.length).toFixed(3)),
  };
}

/** Takes out the end of every so-manieth line and types it again. */
function typeIn(recall: RecallInProcess, path: string, keys: number, suggestMs: number[], changeMs: number[]): number {
  const uri = pathToFileURL(path).href;
  let snapshot: DocSnapshot = {
    uri,
    path,
    languageId: languageIdOf(path),
    version: 1,
    text: readFileSync(path, 'utf8'),
  };
  recall.open(snapshot);
  const edit = (start: number, end: number, text: string): number => {
    const changed = snapshot.text.slice(0, start) + text + snapshot.text.slice(end);
    snapshot = { ...snapshot, version: snapshot.version + 1, text: changed };
    const started = performance.now();
    recall.change(snapshot, [{ start, end, text }]);
    return performance.now() - started;
  };
  const lines = snapshot.text.split('\n');
  const stride = Math.max(1, Math.floor(lines.length / Math.ceil(keys / 15)));
  let suggested = 0;
  let asked = 0;
  let lineStart = 0;
  for (let index = 0; index < lines.length && asked < keys; index += 1) {
    const line = lines[index] ?? '';
    const indent = line.length - line.trimStart().length;
    if (index % stride === stride - 1 && line.length - indent > 8) {
      edit(lineStart + indent, lineStart + line.length, '');
      for (let column = indent; column < line.length && asked < keys; column += 1) {
        const offset = lineStart + column;
        changeMs.push(edit(offset, offset, line.charAt(column)));
        const started = performance.now();
        const answer = recall.suggest(snapshot, offset + 1, { minConfidence: 0.6, minChars: 3, maxLines: 6 });
        suggestMs.push(performance.now() - started);
        if ('text' in answer) suggested += 1;
        asked += 1;
      }
      const end = snapshot.text.indexOf('\n', lineStart);
      edit(lineStart, end < 0 ? snapshot.text.length : end, line);
    }
    lineStart += line.length + 1;
  }
  recall.close(uri);
  return suggested;
}
