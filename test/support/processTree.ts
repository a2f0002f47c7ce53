import { readFileSync, readdirSync } from 'node:fs';

/** Resident megabytes of a process and all its descendants, from /proc (Linux); shared pages counted in each. */
export function treeMemory(pid: number): number {
  return treeProcesses(pid).reduce((sum, one) => sum + one.megabytes, 0);
}

export interface ProcessMemory {
  readonly pid: number;
  readonly command: string;
  readonly megabytes: number;
}

export function treeProcesses(pid: number): readonly ProcessMemory[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = parentOf(Number(entry));
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found: ProcessMemory[] = [];
  const pending = [pid];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const status = read(`/proc/${next}/status`);
    if (status === null) continue;
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    const command = (read(`/proc/${next}/cmdline`) ?? '').split('\0').slice(1, 2).join('').split('/').pop() ?? '';
    found.push({ pid: next, command, megabytes: kilobytes / 1024 });
    pending.push(...(children.get(next) ?? []));
  }
  return found;
}

/** Resolves when a tree of processes has used less than a twentieth of a core for two seconds: what ran in the background is done. */
export async function quiet(pid: number, limitMs = 120_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  let before = treeTicks(pid);
  while (performance.now() < endMs) {
    await new Promise(resolve => setTimeout(resolve, 2_000));
    const now = treeTicks(pid);
    // A tick is a hundredth of a second (proc(5), USER_HZ).
    if (now - before < 10) return;
    before = now;
  }
}

function treeTicks(pid: number): number {
  return treeProcesses(pid).reduce((sum, one) => {
    const fields = (read(`/proc/${one.pid}/stat`) ?? '').split(') ').pop()?.split(' ') ?? [];
    return sum + Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }, 0);
}

function parentOf(pid: number): number | null {
  const status = read(`/proc/${pid}/status`);
  const parent = status === null ? undefined : /^PPid:\s+(\d+)/m.exec(status)?.[1];
  return parent === undefined ? null : Number(parent);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // The process has ended in between.
  }
}

/** Least-squares slope of megabytes over minutes. */
export function slopePerMinute(samples: readonly { readonly minutes: number; readonly megabytes: number }[]): number {
  const count = samples.length;
  if (count < 2) return 0;
  const meanX = samples.reduce((sum, one) => sum + one.minutes, 0) / count;
  const meanY = samples.reduce((sum, one) => sum + one.megabytes, 0) / count;
  let covariance = 0;
  let variance = 0;
  for (const one of samples) {
    covariance += (one.minutes - meanX) * (one.megabytes - meanY);
    variance += (one.minutes - meanX) ** 2;
  }
  return variance === 0 ? 0 : covariance / variance;
}
