import { chmod, mkdir, mkdtemp, realpath, rmdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { Failure } from '../base/failure.js';
import { findExecutable } from '../trust/executable.js';
import { bubblewrapArguments, nobody, readOnlyMounts, type Mount, type Programs } from './bubblewrap.js';
import { copySources, type SourceCopy } from './copySources.js';
import { countsAllProcessesOfUser, defaultLimits } from './limits.js';
import { deleteFolder, putFile, readPlainFile, writeFiles } from './ownFiles.js';
import { countProcessesOfUser, probeBubblewrap } from './probe.js';
import { runBounded } from './runBounded.js';
import {
  isRefusal,
  type Limits,
  type OpenSandbox,
  type Sandbox,
  type SandboxCommand,
  type SandboxKind,
  type SandboxRefusal,
  type SandboxResult,
  type SandboxSources,
} from './sandbox.js';
import { sandboxExecArguments, sandboxProfile } from './sandboxExec.js';
import { findToolchain, type Toolchain } from './toolchains.js';
import { diskUse } from './watchUse.js';
import { homeFolder } from '../base/homeFolder.js';

export interface SandboxOptions {
  /** What stays out of the copy for being secret: a path relative to the folder, with `/`. Files of the request as well. */
  readonly leaveOut: (path: string, isFolder: boolean) => boolean;
  /** The person's, for PATH and where toolchains lie; none of it reaches a program. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What must not decide which bubblewrap is run; none of a request's folder ever decides which toolchain is. */
  readonly workspace?: string | null;
  readonly platform?: NodeJS.Platform;
  /** Where copies are made. */
  readonly temporaryFolder?: string;
  readonly maxFiles?: number;
  readonly maxBytes?: number;
}

/**
 * Runs programs cut off from the machine: bubblewrap on Linux, sandbox-exec on macOS, and nothing elsewhere. What is tried out once, and
 * which toolchains there are, is kept; nothing else is.
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { leaveOut, env = process.env, platform = process.platform, workspace = null } = options;
  const temporaryFolder = options.temporaryFolder ?? tmpdir();
  const maxFiles = options.maxFiles ?? 50_000;
  const maxBytes = options.maxBytes ?? 512 * 1024 * 1024;
  let probed: Promise<Found> | null = null;

  const find = async (signal: AbortSignal): Promise<Found> => {
    probed ??= lookFor(platform, env, workspace, signal);
    try {
      return await probed;
    } catch (error) {
      probed = null;
      throw error;
    }
  };

  const open = async (sources: SandboxSources, signal: AbortSignal): Promise<OpenSandbox | SandboxRefusal> => {
    const found = await find(signal);
    if (isRefusal(found)) return found;
    const home = await realpath(homeFolder()).catch(() => homeFolder());
    const folder = await realpath(sources.folder).catch(() => null);
    if (folder === null) return refused(found.kind, `${sources.folder} does not exist.`);
    if (folder === dirname(folder) || folder === home)
      return refused(found.kind, 'A home folder, or all there is, is not copied for a run.');
    const base = await realpath(await mkdtemp(join(temporaryFolder, 'understudy-sandbox-')));
    try {
      const owner = found.kind === 'bubblewrap' && found.programs.setpriv !== null ? nobody : null;
      const rules = { leaveOut, maxFiles, maxBytes, owner };
      const copy = join(base, 'copy');
      const copied = await copySources(folder, copy, rules, signal);
      const isPublic = (path: string): boolean => !leaveOut(relative(folder, path).split(sep).join('/'), false);
      await writeFiles(
        folder,
        copy,
        (sources.files ?? []).filter(({ path }) => isPublic(path)),
        owner,
      );
      if (found.kind === 'sandbox-exec') await linkPackages(folder, copy, copied.packages);
      await makeOwnFolders(base, owner);
      const toolchains = await chainsFor(sources.tools ?? [], folder, env, signal);
      const bytesAtStart = await diskUse([base]);
      const lasting = sources.lasting ?? [];
      // Whoever runs in there owns what it writes.
      for (const path of lasting) if (owner !== null) await chmod(path, 0o1777);
      return openIn({ found, base, folder, home, copied, toolchains, env, bytesAtStart, lasting });
    } catch (error) {
      await deleteFolder(base);
      signal.throwIfAborted();
      if (error instanceof Failure) return refused(found.kind, error.message, error.remedy);
      return refused(
        found.kind,
        `The sources could not be copied: ${error instanceof Error ? error.message : 'unknown'}.`,
      );
    }
  };

  return {
    open,
    async probe(signal) {
      const found = await find(signal);
      return isRefusal(found) ? found : found.kind;
    },
    async run(request, signal) {
      const name = request.argv[0] ?? '';
      const tools = [...(request.tools ?? []), ...(name.includes('/') ? [] : [name])];
      const opened = await open({ ...request, tools }, signal);
      if (isRefusal(opened)) return opened;
      try {
        return await opened.run(request, signal);
      } finally {
        await opened.close();
      }
    },
  };
}

type Found =
  { readonly kind: 'bubblewrap'; readonly programs: Programs } | { readonly kind: 'sandbox-exec' } | SandboxRefusal;

async function lookFor(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  workspace: string | null,
  signal: AbortSignal,
): Promise<Found> {
  if (platform === 'linux') return probeBubblewrap(env, workspace, signal);
  if (platform === 'darwin' && findExecutable('sandbox-exec', { path: '/usr/bin', workspace: null }) !== null)
    return { kind: 'sandbox-exec' };
  return {
    ran: false,
    sandbox: 'none',
    why: 'There is no sandbox for this platform.',
    remedy: platform === 'win32' ? 'Run the server in WSL with bubblewrap installed.' : null,
    missing: 'sandbox',
  };
}

function refused(sandbox: SandboxKind, why: string, remedy: string | null = null): SandboxRefusal {
  return { ran: false, sandbox, why, remedy, missing: null };
}

/** Beside the copy: what temporary files and reports are written into, and the names of nobody. */
async function makeOwnFolders(base: string, owner: number | null): Promise<void> {
  for (const name of ['temporary', 'reports']) {
    await mkdir(join(base, name));
    await chmod(join(base, name), owner === null ? 0o700 : 0o1777);
  }
  const accounts = join(base, 'accounts');
  await mkdir(accounts);
  const [user, group] = [owner ?? process.getuid?.() ?? 0, owner ?? process.getgid?.() ?? 0];
  await writeFile(join(accounts, 'passwd'), `sandbox:x:${user}:${group}:sandbox:${insideHome}:/bin/sh\n`);
  await writeFile(join(accounts, 'group'), `sandbox:x:${group}:\n`);
  await writeFile(join(accounts, 'hosts'), '127.0.0.1 localhost sandbox\n::1 localhost\n');
  await writeFile(join(accounts, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');
  // The folder above is only ours; what is put into the sandbox must be readable there, whatever the umask.
  for (const name of ['passwd', 'group', 'hosts', 'nsswitch.conf']) await chmod(join(accounts, name), 0o644);
}

/** Where nothing can be shown at another place, a link leads there. */
async function linkPackages(folder: string, copy: string, packages: SourceCopy['packages']): Promise<void> {
  for (const { source, path } of packages) {
    const target = join(copy, relative(folder, path));
    await rmdir(target);
    await symlink(source, target);
  }
}

async function chainsFor(
  names: readonly string[],
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<readonly Toolchain[]> {
  const chains: Toolchain[] = [];
  for (const name of new Set(names)) {
    const chain = await findToolchain(name, { folder, env }, signal);
    if (chain !== null) chains.push(chain);
  }
  return chains;
}

const insideHome = '/understudy/home';
const insideReports = '/understudy/reports';

interface Opening {
  readonly found: Exclude<Found, SandboxRefusal>;
  readonly base: string;
  readonly folder: string;
  readonly home: string;
  readonly copied: SourceCopy;
  readonly toolchains: readonly Toolchain[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly bytesAtStart: number;
  readonly lasting: readonly string[];
}

function openIn(opening: Opening): OpenSandbox {
  const { found, base, folder, home, copied, toolchains, bytesAtStart, lasting } = opening;
  const isMac = found.kind === 'sandbox-exec';
  const writable: readonly Mount[] = [
    { source: join(base, 'temporary'), path: isMac ? join(base, 'temporary') : '/tmp' },
    { source: join(base, 'reports'), path: isMac ? join(base, 'reports') : insideReports },
    { source: join(base, 'copy'), path: isMac ? join(base, 'copy') : folder },
    ...lasting.map(path => ({ source: path, path })),
  ];
  const readOnly = [
    ...readOnlyMounts(
      toolchains.flatMap(chain => chain.readOnly),
      folder,
      home,
    ),
    ...packagesAbove(folder),
    ...copied.packages,
  ];
  const seenFolder = isMac ? join(base, 'copy') : folder;
  const bin = [...toolchains.flatMap(chain => chain.bin), '/usr/local/bin', '/usr/bin', '/bin'];
  const ownEnv: Readonly<Record<string, string>> = {
    PATH: [...new Set(bin)].join(':'),
    HOME: isMac ? join(base, 'temporary') : insideHome,
    TMPDIR: isMac ? join(base, 'temporary') : '/tmp',
    LANG: 'C.UTF-8',
    USER: 'sandbox',
    ...Object.assign({}, ...toolchains.map(chain => chain.env)),
  };
  return {
    sandbox: found.kind,
    leftOut: copied.leftOut,
    folder: seenFolder,
    reportFolder: isMac ? join(base, 'reports') : insideReports,
    async run(command: SandboxCommand, signal: AbortSignal): Promise<SandboxResult> {
      const limits: Limits = { ...defaultLimits(), ...command.limits };
      const env = { ...ownEnv, ...command.env };
      const cwd = command.cwd ?? seenFolder;
      const run = await runBounded(
        {
          argv: isMac
            ? sandboxExecArguments(macProfile(writable, readOnly), limits, command.argv)
            : [
                found.programs.bwrap,
                '--info-fd',
                '3',
                ...bubblewrapArguments(
                  found.programs,
                  { readOnly, writable, home: insideHome, accounts: join(base, 'accounts'), cwd, env },
                  limits,
                  countsAllProcessesOfUser() ? await countProcessesOfUser() : 0,
                  command.argv,
                ),
              ],
          env: isMac ? env : {},
          cwd: isMac ? cwd : '/',
          limits,
          disk: { folders: [base], bytesAtStart },
          tellsFirstProcess: !isMac,
        },
        signal,
      );
      return {
        ran: true,
        sandbox: found.kind,
        ...run,
        timedOut: run.exceeded === 'time',
        memoryExceeded: run.exceeded === 'memory',
        leftOut: copied.leftOut,
      };
    },
    put: (name, text) => putFile(join(base, 'reports'), name, text),
    readReport: (name, maxBytes = 16 * 1024 * 1024) => readPlainFile(join(base, 'reports'), name, maxBytes),
    close: () => deleteFolder(base),
  };
}

function macProfile(writable: readonly Mount[], readOnly: readonly Mount[]): string {
  return sandboxProfile({
    writable: writable.map(({ path }) => path),
    readOnly: readOnly.map(({ source }) => source),
  });
}

/** Packages that a folder finds above it, as in a repository of several. */
function packagesAbove(folder: string): readonly Mount[] {
  const found: Mount[] = [];
  for (let at = dirname(folder); at !== dirname(at); at = dirname(at)) {
    const path = join(at, 'node_modules');
    const [real] = readOnlyMounts([path], folder, homeFolder());
    if (real?.source.endsWith('/node_modules') === true) found.push({ source: real.source, path });
  }
  return found;
}
