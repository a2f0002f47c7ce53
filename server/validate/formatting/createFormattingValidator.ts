import { dirname, extname } from 'node:path';
import type { Entries } from '../../base/entries.js';
import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { createThreadCaller } from '../../base/threadCaller.js';
import type { Ruff } from '../python/ruffClient.js';
import { notKnown, type Examined, type Finding, type SourceFile, type Unknown, type Validator } from '../validator.js';
import { bundledClangFormat, bundledGofmt, bundledPrettier, bundledRuff } from './bundledFormatters.js';
import type { FormatReply, FormatRequest } from './formatMessages.js';
import { unknownLayout, type Formatter } from './formatter.js';
import { layoutFinding } from './layoutFinding.js';
import { ownGofmt, ownPrettier, ownRuff, ownRustfmt } from './ownFormatters.js';
import { prettierParser } from './prettierSettings.js';

export interface FormattingOptions {
  readonly entries: Pick<Entries, 'formatThread'>;
  /** Shared; who gives it disposes of it. */
  readonly ruff: Pick<Ruff, 'format'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

type Family = 'prettier' | 'python' | 'go' | 'rust' | 'clang';

const clangNames: ReadonlySet<string> = new Set('.c .h .cc .hh .cpp .hpp .cxx .hxx .java .cs .m .mm .proto'.split(' '));
/** Beyond, formatters take seconds. */
const maxUnits = 500_000;

/**
 * Whether files are laid out as their project lays them out, where it says how: one finding a file, so that a change is only told of it
 * where the file was as it should be. In a trusted workspace by the project's own formatters, else by ours, with its settings read as data.
 */
export function createFormattingValidator({ entries, ruff, env, log }: FormattingOptions): Validator {
  const thread = createThreadCaller<FormatRequest, FormatReply>({
    entry: entries.formatThread,
    name: 'formatters',
    log,
  });
  const bundled: Readonly<Record<Family, Formatter>> = {
    prettier: bundledPrettier(thread),
    python: bundledRuff(ruff),
    go: bundledGofmt(thread),
    rust: async files => files.map(() => untrustedRust),
    clang: bundledClangFormat(thread),
  };
  const own: Readonly<Record<Family, Formatter>> = {
    prettier: ownPrettier(env, bundled.prettier),
    python: ownRuff(env, bundled.python),
    go: ownGofmt(env, bundled.go),
    rust: ownRustfmt(env),
    clang: bundled.clang,
  };

  return {
    id: 'formatting',
    judges: 'Whether a file that its project lays out by prettier, Ruff, gofmt, rustfmt or clang-format still is',
    reach: 'edit',
    needsTrust: false,
    accepts: ({ path }) => familyOf(path) !== null,
    async examine(files, { folder, isTrusted }, signal) {
      const findings: Finding[] = [];
      let unknown: Unknown | null = null;
      for (const [family, group] of grouped(files)) {
        const formatter = (isTrusted ? own : bundled)[family];
        const examined = await examineGroup(formatter, group, folder, signal);
        findings.push(...examined.findings);
        unknown ??= examined.unknown;
      }
      return { findings, unknown };
    },
    identity: ({ rule }) => rule,
    dispose: () => thread.rest(),
  };

  async function examineGroup(
    formatter: Formatter,
    files: readonly SourceFile[],
    folder: string | null,
    signal: AbortSignal,
  ): Promise<Examined> {
    const small = files.filter(({ text }) => text.length <= maxUnits);
    try {
      const layouts = await formatter(small, folder ?? dirname(small[0]?.path ?? '/'), signal);
      const findings = small.flatMap((file, at) => {
        const layout = layouts[at];
        const finding = layout?.kind === 'formatted' ? layoutFinding(file, layout.text, layout.by) : null;
        return finding === null ? [] : [finding];
      });
      const unknown = layouts.find(({ kind }) => kind === 'unknown');
      return { findings, unknown: unknown?.kind === 'unknown' ? unknown.unknown : tooLarge(files, small) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      log.warn(error.message, error.cause);
      return notKnown('A formatter did not answer.');
    }
  }
}

const untrustedRust = unknownLayout(
  'rustfmt is only run in a workspace that is trusted.',
  'If you trust it: understudy trust.',
);

function tooLarge(files: readonly SourceFile[], small: readonly SourceFile[]): Unknown | null {
  return files.length === small.length
    ? null
    : { why: 'A file is too large to be laid out.', remedy: null, missing: null };
}

function familyOf(path: string): Family | null {
  const extension = extname(path);
  if (extension === '.py' || extension === '.pyi') return 'python';
  if (extension === '.go') return 'go';
  if (extension === '.rs') return 'rust';
  if (clangNames.has(extension)) return 'clang';
  return prettierParser(path) === null ? null : 'prettier';
}

function grouped(files: readonly SourceFile[]): ReadonlyMap<Family, readonly SourceFile[]> {
  const groups = new Map<Family, SourceFile[]>();
  for (const file of files) {
    const family = familyOf(file.path);
    if (family !== null) groups.set(family, [...(groups.get(family) ?? []), file]);
  }
  return groups;
}
