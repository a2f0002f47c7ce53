import { readFileSync, statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { buildTokens, type ListedFile } from './buildTokens.js';
import type { BuildOrder, BuilderReport } from './builderMessages.js';
import { loadTokens, saveTokens } from './savedTokens.js';

/** Everything larger was left out when the files were listed; this is the last line of defence. */
const maxFileBytes = 16 * 1024 * 1024;

function runBuild(order: BuildOrder, send: (report: BuilderReport) => void): void {
  const paths = order.paths === '' ? [] : order.paths.split('\0');
  const listed: ListedFile[] = paths.map((path, i) => ({
    path,
    size: order.sizes[i] ?? -1,
    mtimeMs: order.mtimesMs[i] ?? -1,
  }));
  const files = order.mayBeOutdated ? listed.flatMap(stated) : listed;
  const saved = order.cacheFolder === null ? null : loadTokens(order.cacheFolder);
  const unchanged = saved === null ? 0 : files.filter(file => saved.find(file) !== null).length;
  // A vocabulary keeps every word that it has ever seen: too many of a former time are not worth their memory.
  const useful = unchanged * 2 > files.length ? saved : null;
  const outcome = buildTokens(files, order.maxTokens, useful, read);
  const { vocabulary, segment, leftOut, reused } = outcome;
  const { paths: filePaths, ...places } = segment.files;
  send({
    kind: 'built',
    vocabulary,
    segment: { ...segment, files: places },
    paths: filePaths.join('\0'),
    leftOut,
    reused,
  });
  const isAsSaved = useful !== null && reused === outcome.inOrder.length && reused === useful.count;
  if (order.cacheFolder === null || isAsSaved) return;
  try {
    saveTokens(order.cacheFolder, outcome, Date.now());
  } catch (error) {
    send({ kind: 'unsaved', why: error instanceof Error && 'code' in error ? String(error.code) : String(error) });
  }
}

function read({ path }: ListedFile): string | null {
  try {
    const bytes = readFileSync(path);
    return bytes.length > maxFileBytes ? null : bytes.toString('utf8');
  } catch (error) {
    // Gone, or not ours to read, since it was listed.
    if (error instanceof Error && 'syscall' in error) return null;
    throw error;
  }
}

function stated({ path }: ListedFile): ListedFile[] {
  try {
    const { size, mtimeMs } = statSync(path);
    return [{ path, size, mtimeMs }];
  } catch {
    return [];
  }
}

// A worker_threads entry: builds once, hands over, saves, and ends.
const port = parentPort;
if (port !== null) runBuild(workerData as BuildOrder, report => port.postMessage(report));
