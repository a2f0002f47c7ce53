import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '../base/paths.js';
import { prlimitArguments } from './limits.js';
import type { Limits } from './sandbox.js';

/** What is put where, as bubblewrap sees it. */
export interface Walls {
  /** Read-only, at the path where it is outside or at another. */
  readonly readOnly: readonly Mount[];
  /** The only places that can be written and that outlive the program. */
  readonly writable: readonly Mount[];
  /** In memory. */
  readonly home: string;
  /** A folder of ours with passwd, group, hosts and nsswitch.conf that name nobody of this machine; null for none. */
  readonly accounts: string | null;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Mount {
  readonly source: string;
  readonly path: string;
}

export interface Programs {
  /** bubblewrap. */
  readonly bwrap: string;
  readonly prlimit: string;
  /** Only where we are root: gives the program a user of its own. */
  readonly setpriv: string | null;
}

/** The user that a program runs as where we are root: the kernel limits no process of root's. */
export const nobody = 65534;

/**
 * The arguments of bubblewrap(1) for one program. Everything is taken away first, and what is needed is given back: system
 * folders, toolchains and installed packages read-only, the copy of the sources and a folder for temporary files to write into.
 */
export function bubblewrapArguments(
  { prlimit, setpriv }: Programs,
  walls: Walls,
  limits: Limits,
  otherProcesses: number,
  argv: readonly string[],
): readonly string[] {
  const asUser =
    setpriv === null
      ? []
      : [setpriv, `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--inh-caps=-all', '--'];
  return [
    ...(setpriv === null
      ? ['--unshare-all']
      : ['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try']),
    ...['--hostname', 'sandbox'],
    '--die-with-parent',
    '--new-session',
    ...['--cap-drop', 'ALL'],
    ...(setpriv === null ? [] : ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID']),
    '--clearenv',
    ...systemFolders(),
    ...['--dev', '/dev'],
    ...memoryFolder('/dev/shm', 64 * 1024 * 1024),
    ...['--remount-ro', '/dev'],
    ...['--proc', '/proc'],
    ...mounts(walls),
    ...['--remount-ro', '/'],
    ...Object.entries(walls.env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--chdir', walls.cwd],
    '--',
    ...[prlimit, ...prlimitArguments(limits, otherProcesses), '--'],
    ...asUser,
    ...argv,
  ];
}

/** Folders that hold programs and libraries of the system, as they are: some are links into /usr. */
function systemFolders(): readonly string[] {
  const roots = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'];
  const found = roots.filter(path => existsSync(path));
  const links = found.flatMap(path =>
    lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path],
  );
  const made = ['/etc', '/etc/ssl'].flatMap(path => ['--perms', '0755', '--dir', path]);
  return [...links, ...made, ...configuration().flatMap(path => ['--ro-bind', path, path])];
}

/** Of /etc only what programs need in order to start: nothing that says who works here, or how to get elsewhere. */
function configuration(): readonly string[] {
  const names = [
    'ld.so.cache',
    'ld.so.conf',
    'ld.so.conf.d',
    'alternatives',
    'localtime',
    'mime.types',
    'ssl/openssl.cnf',
  ];
  const java = readdirSync('/etc').filter(name => /^(?:java|openjdk)/.test(name));
  return [...names, ...java].map(name => join('/etc', name)).filter(path => existsSync(path));
}

function mounts(walls: Walls): readonly string[] {
  const memory = memoryFolder(walls.home, 128 * 1024 * 1024);
  const { accounts } = walls;
  const names = accounts === null ? [] : ['passwd', 'group', 'hosts', 'nsswitch.conf'];
  const files = names.flatMap(name => ['--ro-bind', join(accounts ?? '', name), join('/etc', name)]);
  const all = [
    ...walls.writable.map(mount => ({ ...mount, how: '--bind' })),
    ...walls.readOnly.map(mount => ({ ...mount, how: '--ro-bind' })),
  ];
  // What lies in another comes after it.
  const ordered = all.toSorted((a, b) => depth(a.path) - depth(b.path));
  const made = new Set<string>(['/etc', '/etc/ssl']);
  const binds = ordered.flatMap(({ source, path, how }) => {
    const holders = holdersOf(path).filter(holder => !made.has(holder));
    for (const holder of holders) made.add(holder);
    // Left to itself, bubblewrap makes them such that only root may pass.
    return [...holders.flatMap(holder => ['--perms', '0755', '--dir', holder]), how, source, path];
  });
  return [...memory, ...files, ...binds];
}

function memoryFolder(path: string, bytes: number): readonly string[] {
  return ['--perms', '1777', '--size', String(bytes), '--tmpfs', path];
}

function depth(path: string): number {
  return path.split('/').length;
}

/** The folders above a path, outermost first. */
function holdersOf(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = dirname(path); at !== '/'; at = dirname(at)) found.unshift(at);
  return found;
}

/**
 * What of the folders asked for is shown: none that is, or holds, the person's home folder, the sources, or all there is. A link is
 * shown by its own name and by the one that it leads to.
 */
export function readOnlyMounts(paths: readonly string[], folder: string, home: string): readonly Mount[] {
  const found = new Map<string, Mount>();
  for (const path of paths) {
    const source = realOrNull(path);
    if (source === null || [home, folder].some(kept => isInside(source, kept))) continue;
    for (const place of new Set([path, source])) if (!isSystem(place)) found.set(place, { source, path: place });
  }
  return [...found.values()];
}

function isSystem(path: string): boolean {
  return ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store'].some(root =>
    isInside(root, path),
  );
}

function realOrNull(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
