import { availableParallelism, release } from 'node:os';
import type { Limits } from './sandbox.js';

const MiB = 1024 * 1024;

/** Enough for the tests of a file; a build needs more time and disk. Each worker of a runner brings a dozen threads. */
export function defaultLimits(): Limits {
  return {
    wallMs: 60_000,
    cpuSeconds: 60,
    memoryBytes: 2048 * MiB,
    addressBytes: 4096 * MiB,
    fileBytes: 64 * MiB,
    diskBytes: 512 * MiB,
    openFiles: 512,
    processes: 256 + 16 * availableParallelism(),
    outputBytes: 4 * MiB,
  };
}

/** The arguments with which prlimit(1) sets what the kernel itself holds a process to. `others`: what counts as well. */
export function prlimitArguments(limits: Limits, others: number): readonly string[] {
  return [
    `--as=${limits.addressBytes}`,
    `--cpu=${limits.cpuSeconds}`,
    `--fsize=${limits.fileBytes}`,
    `--nofile=${limits.openFiles}`,
    `--nproc=${limits.processes + others}`,
    '--core=0',
  ];
}

/** Before Linux 5.14 the limit on processes counts all of a user's, whatever namespace they are in. */
export function countsAllProcessesOfUser(kernel: string = release()): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map(Number);
  return major < 5 || (major === 5 && minor < 14);
}
