import type { Entries } from '../../base/entries.js';
import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { examineEach, fileNotJudged, type Fallen } from '../apart.js';
import type { Examined, Finding, SourceFile, Validator, Workplace } from '../validator.js';
import { missingExports, type ExportsMemory } from './ownExports.js';
import { isPython, isStub } from './pythonFile.js';
import { createRuff, type Ruff } from './ruffClient.js';
import type { RuffDiagnostic } from './ruffMessages.js';
import { nameCodes, nameFinding } from './ruffNames.js';
import { securityCodes, securityFinding } from './ruffSecurity.js';

export interface RuffValidatorOptions {
  readonly entries: Pick<Entries, 'ruffThread'>;
  readonly log: Log;
  /** Shared with others, who then dispose of it. */
  readonly ruff?: Ruff;
}

const maxUnits = 1_000_000;

/**
 * What Ruff knows of a file by itself: names that nobody defines, what is no Python, and dangers; and of modules of the workspace
 * which names they lack. Runs nothing.
 */
export function createRuffValidator({ entries, log, ruff: shared }: RuffValidatorOptions): Validator {
  const ruff = shared ?? createRuff({ entry: entries.ruffThread, log });
  const memory: ExportsMemory = new Map();
  return {
    id: 'ruff',
    judges: 'Python: names that nobody defines, formats that do not fit, and dangers, by Ruff',
    reach: 'edit',
    needsTrust: false,
    looksAround: true,
    accepts: file => isPython(file) && !isStub(file),
    examine: (files, workplace, signal) => examineEach(files, file => judge(file, files, workplace, signal), signal),
    // One wrong character makes many messages, which change with every other: what was no Python is not newly so.
    identity: ({ rule, message, start, end }, { text }) =>
      rule === syntaxRule ? rule : JSON.stringify([rule, message, text.slice(start, end)]),
    async dispose() {
      if (shared === undefined) await ruff.dispose();
    },
  };

  async function judge(
    file: SourceFile,
    all: readonly SourceFile[],
    workplace: Workplace,
    signal: AbortSignal,
  ): Promise<Examined | Fallen> {
    if (file.text.length > maxUnits) return { findings: [], unknown: fileNotJudged(file, 'is too long for Ruff') };
    try {
      const own = await examineFile(ruff, file, signal);
      if (own.some(({ rule }) => rule === syntaxRule)) return { findings: own, unknown: null };
      return {
        findings: [...own, ...(await missingExports(file, all, workplace, ruff, memory, signal))],
        unknown: null,
      };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warn(error.message, error.cause);
      return { fellOver: fellOver(error), remedy: null, at: file.path };
    }
  }
}

const syntaxRule = 'syntax/python';

async function examineFile(ruff: Ruff, file: SourceFile, signal: AbortSignal): Promise<readonly Finding[]> {
  const names = await ruff.check(file.text, nameCodes, signal);
  // What does not parse is half read: of that, nothing else is certain.
  const broken = names.find(({ code }) => code === 'invalid-syntax');
  if (broken !== undefined) return [syntaxFinding(file, broken)];
  const dangers = await ruff.check(withoutPardons(file.text), securityCodes, signal);
  return [
    ...names.map(diagnostic => nameFinding(file, diagnostic)),
    ...dangers.map(diagnostic => securityFinding(file, diagnostic)),
  ].filter(finding => finding !== null);
}

function syntaxFinding({ path, text }: SourceFile, { message, start, end }: RuffDiagnostic): Finding {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return {
    rule: syntaxRule,
    severity: 'high',
    path,
    start,
    end: Math.min(end, text.length),
    message: `This is no Python: ${sentence}`,
    fix: null,
  };
}

/** Whoever writes a danger could write beside it that it is none. Of the same length, so that places stay. */
function withoutPardons(text: string): string {
  return text.replace(/#\s*(?:(?:ruff|flake8)\s*:\s*)?noqa\b/gi, pardon => `${pardon.slice(0, -4)}n-qa`);
}

/** Each file is asked about by itself, so that the failure is its own. */
function fellOver({ kind, message }: Failure): string {
  if (kind === 'timeout') return 'takes Ruff too long';
  return /call stack/.test(message) ? 'is nested too deeply for Ruff' : 'cannot be judged, as Ruff fails on it';
}
