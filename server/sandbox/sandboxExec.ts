import type { Limits } from './sandbox.js';

export interface MacWalls {
  readonly writable: readonly string[];
  readonly readOnly: readonly string[];
}

/**
 * The profile for macOS' sandbox-exec(1), in its own language: nothing is allowed but what is named. Written after Apple's own
 * profiles in /System/Library/Sandbox/Profiles; NOT TRIED on a Mac. macOS has no namespaces: what a program leaves behind in a session of its own is
 * ended by its process group only as far as it stayed in it, and the result does not claim that all are gone.
 */
export function sandboxProfile({ writable, readOnly }: MacWalls): string {
  const folders = (paths: readonly string[]): string => paths.map(path => `(subpath ${quoted(path)})`).join(' ');
  return [
    '(version 1)',
    '(deny default)',
    '(deny network*)',
    '(allow process-fork)',
    '(allow process-exec)',
    '(allow signal (target same-sandbox))',
    '(allow sysctl-read)',
    '(allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo"))',
    '(allow file-read-metadata)',
    `(allow file-read* (literal "/") ${folders([...systemFolders, ...readOnly, ...writable])})`,
    `(allow file-write* ${folders(writable)} (literal "/dev/null") (literal "/dev/zero"))`,
    '(allow file-ioctl (literal "/dev/null"))',
  ].join('\n');
}

const systemFolders = [
  '/usr',
  '/bin',
  '/sbin',
  '/System',
  '/Library/Developer',
  '/Library/Java',
  '/opt/homebrew',
  '/dev',
  '/private/etc/ssl',
  '/private/var/db/timezone',
  '/private/var/db/dyld',
];

/** argv that runs a program under a profile, with what limits a shell of macOS can set. */
export function sandboxExecArguments(profile: string, limits: Limits, argv: readonly string[]): readonly string[] {
  const set = [
    `ulimit -t ${limits.cpuSeconds}`,
    `ulimit -f ${Math.ceil(limits.fileBytes / 512)}`,
    `ulimit -n ${limits.openFiles}`,
    // It counts all that the person runs.
    `ulimit -u ${Math.max(limits.processes, 1000)}`,
    'ulimit -c 0',
  ];
  return ['/usr/bin/sandbox-exec', '-p', profile, '/bin/sh', '-c', `${set.join('; ')}; exec "$@"`, 'sh', ...argv];
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}
