import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import { isRefusal, type OpenSandbox, type Sandbox } from '../../sandbox/sandbox.js';
import { findExecutable } from '../../trust/executable.js';
import { once, toolFailed, toolMissing, type ToolchainOptions } from '../names/toolRun.js';
import { stateFiles, type StateFiles } from '../stateFiles.js';
import { notKnown, nothingWrong, type Examined, type SourceFile, type Validator } from '../validator.js';
import { cargoFolderOf } from './cargoFolder.js';
import { cargoFindings } from './cargoMessages.js';

export interface CargoValidatorOptions extends ToolchainOptions {
  readonly sandbox: Sandbox;
  /** Our cache, outside of every workspace: what was built stays there for the next time. */
  readonly cacheRoot: string;
}

const usualTimeoutMs = 180_000;

/**
 * What `cargo check` says of names and types. It runs build scripts and macros of the workspace and of what it depends on:
 * only in the sandbox, on a copy with the texts that are judged, without network; not at all where there is no sandbox.
 */
export function createCargoValidator(options: CargoValidatorOptions): Validator {
  const { env, sandbox, cacheRoot, timeoutMs = usualTimeoutMs } = options;
  return {
    id: 'cargo',
    judges: 'Rust: names and types, by cargo check in the sandbox',
    reach: 'edit',
    needsTrust: true,
    looksAround: true,
    accepts: ({ languageId }) => languageId === 'rust',
    async examine(files, { folder, overlay }, signal) {
      if (folder === null) return notKnown('There is no workspace to check.');
      if (findExecutable('cargo', { path: env['PATH'], workspace: folder }) === null)
        return toolMissing('cargo', 'Rust');
      const within = files.filter(({ path }) => isInside(folder, path));
      if (within.length === 0) return nothingWrong;
      const target = cargoFolderOf(cacheRoot, folder);
      mkdirSync(target, { recursive: true });
      // Manifests and what goes with the change belong to the state as well.
      const state = stateFiles(overlay);
      const others = [...state.overlay].filter(([path]) => isInside(folder, path));
      const texts = [...others.map(([path, text]) => ({ path, text })), ...within];
      const opened = await sandbox.open({ folder, files: texts, tools: ['cargo', 'rustc'], lasting: [target] }, signal);
      if (isRefusal(opened)) return { findings: [], unknown: opened };
      try {
        return await examineIn(opened, within, state, folder, target, timeoutMs, signal);
      } finally {
        await opened.close();
      }
    },
  };
}

async function examineIn(
  sandbox: OpenSandbox,
  files: readonly SourceFile[],
  state: StateFiles,
  folder: string,
  target: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Examined> {
  const results: Examined[] = [];
  for (const crate of new Set(files.map(({ path }) => crateFolder(path, folder, state)))) {
    if (crate === null) {
      results.push(notKnown('There is no Cargo.toml.'));
      continue;
    }
    const inside = join(sandbox.folder, crate.slice(folder.length));
    const ran = await sandbox.run(
      {
        argv: ['cargo', 'check', '--offline', '--keep-going', '--message-format=json', '--all-targets'],
        cwd: inside,
        env: { CARGO_TARGET_DIR: target, CARGO_NET_OFFLINE: 'true', CARGO_TERM_COLOR: 'never', CARGO_INCREMENTAL: '1' },
        limits: { wallMs: timeoutMs, cpuSeconds: 4 * (timeoutMs / 1000), outputBytes: 16_000_000 },
      },
      signal,
    );
    if (!ran.ran) return { findings: [], unknown: ran };
    const { findings, others } = cargoFindings(ran.stdout, workspaceRoot(crate, folder, state), files);
    if (ran.exit === 0 || findings.length > 0) results.push({ findings, unknown: null });
    else if (others > 0) results.push(notKnown('Other files of the crate do not compile.'));
    else results.push(toolFailed('cargo', { stderr: errorIn(ran.stderr), timedOut: ran.timedOut }));
  }
  return {
    findings: once(results.flatMap(({ findings }) => findings)),
    unknown: results.find(({ unknown }) => unknown !== null)?.unknown ?? null,
  };
}

function errorIn(stderr: string): string {
  return /^error: (.*)$/m.exec(stderr)?.[1] ?? stderr;
}

function crateFolder(path: string, folder: string, state: StateFiles): string | null {
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    if (state.isFile(join(at, 'Cargo.toml'))) return at;
    if (at === dirname(at)) break;
  }
  return null;
}

/** The outermost folder whose Cargo.toml speaks of a workspace, as Cargo names files from there. */
function workspaceRoot(crate: string, folder: string, state: StateFiles): string {
  let root = crate;
  for (let at = crate; isInside(folder, at); at = dirname(at)) {
    if (/^\s*\[workspace/m.test(state.read(join(at, 'Cargo.toml')) ?? '')) root = at;
    if (at === dirname(at)) break;
  }
  return root;
}
