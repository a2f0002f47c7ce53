import type { CheckAnswer, CheckMessage, CheckReply, CheckRequest } from './messages.js';
import { createWorkspaceChecker, type WorkspaceChecker } from './workspaceChecker.js';
import type { Finding } from '../validator.js';
import type { NotJudged } from './checkFile.js';

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
  try {
    send({ id: request.id, answer: await check(request) });
  } catch (error) {
    workspaces.delete(request.folder);
    send({ id: request.id, answer: { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) } });
  }
  cancelled.delete(request.id);
}

async function check({ id, folder, files, others }: CheckRequest): Promise<CheckAnswer> {
  const before = performance.now();
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const overlay = new Map<string, string | null>([...others.map(({ path, text }) => [path, text] as const), ...texts]);
  const findings: Finding[] = [];
  const notJudged: NotJudged[] = [];
  for (const result of checkerFor(folder).check(texts, overlay)) {
    findings.push(...result.findings);
    if (result.notJudged !== null) notJudged.push(result.notJudged);
    // Lets a cancellation in, between one file and the next.
    if (files.length > 1) await new Promise(resolve => setImmediate(resolve));
    if (cancelled.has(id)) break;
  }
  const ms = performance.now() - before;
  return { findings, notJudged: summarised(notJudged), ms, residentBytes: process.memoryUsage.rss() };
}

function checkerFor(folder: string): WorkspaceChecker {
  const checker = workspaces.get(folder) ?? createWorkspaceChecker(folder, libFolder);
  workspaces.delete(folder);
  workspaces.set(folder, checker);
  for (const old of [...workspaces.keys()].slice(0, -maxWorkspaces)) workspaces.delete(old);
  return checker;
}

function summarised(notJudged: readonly NotJudged[]): NotJudged | null {
  const [first] = notJudged;
  if (first === undefined || notJudged.length === 1) return first ?? null;
  return { why: `${first.why} So it is with ${notJudged.length - 1} more files.`, remedy: first.remedy };
}

function send(reply: CheckReply): void {
  // The server may have gone meanwhile; nobody is left to be told.
  if (process.connected) process.send?.(reply, undefined, undefined, () => {});
}
