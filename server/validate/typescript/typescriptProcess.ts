import type { CheckAnswer, CheckMessage, CheckReply, CheckRequest } from './messages.js';
import { createWorkspaceChecker, type WorkspaceChecker } from './workspaceChecker.js';
import { isTooDeep, joinUnknown } from '../apart.js';
import type { Finding, Unknown } from '../validator.js';

// The entry of the compiler's process: the only one that loads it. It says nothing on stdout, and goes as soon as its
// server is gone. Its one argument is the folder of the compiler's own declarations.

const libFolder = (process.argv[2] ?? '').replaceAll('\\', '/').replace(/\/$/, '');
const maxWorkspaces = 2;
const workspaces = new Map<string, WorkspaceChecker>();
const cancelled = new Set<number>();

process.on('disconnect', () => process.exit(0));
process.on('message', (message: CheckMessage) => {
  if (message.kind === 'cancel') cancelled.add(message.id);
  else void answer(message);
});

async function answer(request: CheckRequest): Promise<void> {
  const { id, folder } = request;
  let at: string | null = null;
  const given = new Set(request.files.map(({ path }) => path));
  const onBusy = (path: string): void => {
    at = path;
    if (given.has(path)) send({ id, busyWith: path });
  };
  try {
    send({ id, answer: await check(request, onBusy) });
  } catch (error) {
    workspaces.delete(folder);
    const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ id, answer: { bug, isTooDeep: isTooDeep(error), at } });
  }
  cancelled.delete(id);
}

async function check(
  { id, folder, files, others }: CheckRequest,
  onBusy: (path: string) => void,
): Promise<CheckAnswer> {
  const before = performance.now();
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const overlay = new Map<string, string | null>([...others.map(({ path, text }) => [path, text] as const), ...texts]);
  const findings: Finding[] = [];
  const unknown: Unknown[] = [];
  for (const result of checkerFor(folder).check(texts, overlay, onBusy)) {
    findings.push(...result.findings);
    if (result.unknown !== null) unknown.push(result.unknown);
    // Lets a cancellation in, between one file and the next.
    if (files.length > 1) await new Promise(resolve => setImmediate(resolve));
    if (cancelled.has(id)) break;
  }
  const ms = performance.now() - before;
  return { findings, unknown: joinUnknown(unknown), ms, residentBytes: process.memoryUsage.rss() };
}

function checkerFor(folder: string): WorkspaceChecker {
  const checker = workspaces.get(folder) ?? createWorkspaceChecker(folder, libFolder);
  workspaces.delete(folder);
  workspaces.set(folder, checker);
  for (const old of [...workspaces.keys()].slice(0, -maxWorkspaces)) workspaces.delete(old);
  return checker;
}

function send(reply: CheckReply): void {
  // The server may have gone meanwhile; nobody is left to be told.
  if (process.connected) process.send?.(reply, undefined, undefined, () => {});
}
