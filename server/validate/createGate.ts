import type { Log } from '../base/log.js';
import { untilAborted } from '../base/untilAborted.js';
import { feedbackOf } from './feedback.js';
import type { Check, FileChange, Gate, Issue, Judgement } from './gate.js';
import { newFindings } from './newFindings.js';
import { packagesTaken } from './packages/packagesTaken.js';
import { consequenceOf } from './policy.js';
import type { Overlay } from './stateFiles.js';
import type { UserSearch } from './users/createUsers.js';
import type { Users } from './users/usersMessages.js';
import {
  notKnown,
  nothingWrong,
  severities,
  type Examined,
  type Finding,
  type Reach,
  type SourceFile,
  type Validator,
  type Workplace,
} from './validator.js';

export interface GateOptions {
  /** In the order in which they are shown. */
  readonly validators: readonly Validator[];
  readonly log: Log;
  readonly now: () => number;
  /** Finds who uses what a change takes away; nobody is looked for where absent. */
  readonly users?: UserSearch;
  /** What takes longer is unknown, by reach. */
  readonly deadlinesMs?: Readonly<Record<Reach, number>>;
}

const defaultDeadlinesMs: Readonly<Record<Reach, number>> = { typing: 50, edit: 30_000, tests: 300_000 };

/** A state of the files of a change. */
interface State {
  readonly overlay: Overlay;
  readonly files: readonly SourceFile[];
  /** Others that use what the change takes away: the same before and after. */
  readonly beside: readonly SourceFile[];
  readonly byPath: ReadonlyMap<string, SourceFile>;
}

interface Verdict extends Examined {
  readonly state: Check['state'];
  readonly ms: number;
}

export function createGate({ validators, users, log, now, deadlinesMs = defaultDeadlinesMs }: GateOptions): Gate {
  const notices = new Set<string>();

  return {
    async judge(change, workplace, reach, signal) {
      const taken = reach === 'typing' ? [] : await packagesTaken(change);
      const given = taken.length === 0 ? workplace : { ...workplace, packagesTaken: taken };
      const found = reach === 'typing' ? null : await usersOf(change, given, deadlinesMs[reach], signal);
      const before = withBeside(stateBefore(change), found?.files ?? []);
      const after = withBeside(stateAfter(change), found?.files ?? []);
      const moves = new Map(change.flatMap(({ path, from }) => (from == null ? [] : [[from, path] as const])));
      const verdicts = await runAll(workplace, reach, after, signal, (validator, files, ending) =>
        added(validator, files, before, after, moves, given, ending),
      );
      return judgement(verdicts, after, workplace, found?.check ?? null);
    },
    async examine(files, workplace, reach, signal) {
      const state = stateFrom(files);
      const verdicts = await runAll(workplace, reach, state, signal, (validator, own, ending) =>
        validator.examine(own, { ...workplace, overlay: state.overlay }, ending),
      );
      return judgement(verdicts, state, workplace, null);
    },
    notices: () => [...notices],
    async dispose() {
      await Promise.allSettled([...validators, users].map(part => part?.dispose?.()));
    },
  };

  /** Null where the change takes nothing away. */
  async function usersOf(
    change: readonly FileChange[],
    workplace: Workplace,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<{ readonly files: readonly SourceFile[]; readonly check: Check } | null> {
    if (users === undefined) return null;
    signal.throwIfAborted();
    const startedMs = now();
    const checked = (why: string | null): Check => ({
      id: 'users',
      state: why === null ? 'passed' : 'unknown',
      why,
      remedy: null,
      missing: null,
      notJudged: [],
      ms: Math.round((now() - startedMs) * 10) / 10,
    });
    try {
      const found = await users.of(change, workplace, AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]));
      return found === null ? null : { files: found.files, check: checked(whyNotAll(found)) };
    } catch (error) {
      signal.throwIfAborted();
      log.warn('Users of what a change takes away could not be looked for.', error);
      return { files: [], check: checked('Files that use what this change takes away could not be looked for.') };
    }
  }

  /** What was wrong before is only asked for where something is wrong now. */
  async function added(
    validator: Validator,
    files: readonly SourceFile[],
    before: State,
    after: State,
    moves: ReadonlyMap<string, string>,
    workplace: Workplace,
    signal: AbortSignal,
  ): Promise<Examined> {
    const now = await validator.examine(files, { ...workplace, overlay: after.overlay }, signal);
    if (now.findings.length === 0) return now;
    const own = ofValidator(validator, before);
    const then =
      own.length === 0
        ? nothingWrong
        : await validator.examine(own, { ...workplace, overlay: before.overlay, packagesTaken: [] }, signal);
    const identity = validator.identity?.bind(validator);
    // A file that was moved is compared with what it was where it lay.
    const known = then.findings.map(finding => ({ ...finding, path: moves.get(finding.path) ?? finding.path }));
    const filesBefore = new Map([...before.byPath].map(([path, file]) => [moves.get(path) ?? path, file]));
    const findings = newFindings(known, now.findings, filesBefore, after.byPath, identity);
    const besides = new Set(after.beside.map(({ path }) => path));
    return { ...now, findings: findings.map(each => (besides.has(each.path) ? ofUser(each) : each)) };
  }

  function runAll(
    workplace: Workplace,
    reach: Reach,
    state: State,
    signal: AbortSignal,
    examine: (validator: Validator, files: readonly SourceFile[], signal: AbortSignal) => Promise<Examined>,
  ): Promise<readonly (readonly [Validator, Verdict])[]> {
    signal.throwIfAborted();
    const taking = validators.filter(validator => reaches[reach].includes(validator.reach));
    return Promise.all(
      taking.map(async validator => {
        const own = ofValidator(validator, state);
        const verdict = await verdictOf(validator, own, workplace, deadlinesMs[reach], signal, examine);
        const { missing } = verdict.unknown ?? {};
        if (missing !== undefined && missing !== null) {
          notices.add([missing, verdict.unknown?.remedy].filter(Boolean).join(' '));
        }
        return [validator, verdict] as const;
      }),
    );
  }

  async function verdictOf(
    validator: Validator,
    files: readonly SourceFile[],
    workplace: Workplace,
    deadlineMs: number,
    signal: AbortSignal,
    examine: (validator: Validator, files: readonly SourceFile[], signal: AbortSignal) => Promise<Examined>,
  ): Promise<Verdict> {
    if (files.length === 0) return { ...notKnown('It has nothing to say of these files.'), state: 'skipped', ms: 0 };
    if (validator.needsTrust && !workplace.isTrusted) {
      const remedy = 'If you trust it: understudy trust.';
      return {
        ...notKnown('It would run what lies in this workspace, which is not trusted.', remedy),
        state: 'skipped',
        ms: 0,
      };
    }
    const startedMs = now();
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), deadlineMs);
    const either = AbortSignal.any([signal, ending.signal]);
    let examined: Examined;
    try {
      // One that does not heed its signal is not waited for.
      examined = await untilAborted(examine(validator, files, either), either);
    } catch (error) {
      signal.throwIfAborted();
      if (!ending.signal.aborted) log.error(`The validator ${validator.id} failed.`, error);
      examined = notKnown(
        ending.signal.aborted ? `It took longer than ${deadlineMs} ms.` : 'It failed; the log says how.',
      );
    } finally {
      clearTimeout(timer);
    }
    const state = examined.findings.length > 0 ? 'found' : examined.unknown === null ? 'passed' : 'unknown';
    return { ...examined, state, ms: Math.round((now() - startedMs) * 10) / 10 };
  }
}

/** What is asked for at a reach takes all of the nearer ones along. */
const reaches: Readonly<Record<Reach, readonly Reach[]>> = {
  typing: ['typing'],
  edit: ['typing', 'edit'],
  tests: ['typing', 'edit', 'tests'],
};

function judgement(
  verdicts: readonly (readonly [Validator, Verdict])[],
  { byPath }: State,
  { gate }: Workplace,
  users: Check | null,
): Judgement {
  const issues = once(verdicts.flatMap(([, { findings }]) => findings))
    .flatMap((finding): readonly Issue[] => {
      const consequence = consequenceOf(finding, gate);
      return consequence === 'ignore' ? [] : [{ ...finding, consequence }];
    })
    .sort(worstFirst);
  return {
    valid: issues.every(({ consequence }) => consequence !== 'refuse'),
    issues,
    feedback: feedbackOf(issues, byPath),
    checks: [
      ...verdicts.map(([{ id }, { state, unknown, ms }]) => ({
        id,
        state,
        why: unknown?.why ?? null,
        remedy: unknown?.remedy ?? null,
        missing: unknown?.missing ?? null,
        notJudged: unknown?.files ?? [],
        ms,
      })),
      ...(users === null ? [] : [users]),
    ],
  };
}

/** Two validators may find the same at one place: of one rule the first counts. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const kept = new Map<string, Finding[]>();
  return findings.filter(finding => {
    const key = `${finding.rule}\0${finding.path}`;
    const own = kept.get(key) ?? [];
    if (own.some(other => other.start <= finding.end && finding.start <= other.end)) return false;
    kept.set(key, [...own, finding]);
    return true;
  });
}

function worstFirst(left: Finding, right: Finding): number {
  return (
    severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
    (left.path < right.path ? -1 : left.path > right.path ? 1 : left.start - right.start)
  );
}

function stateBefore(change: readonly FileChange[]): State {
  return stateFrom(
    change.map(({ path, from, languageId, before }) => ({ path: from ?? path, languageId, text: before })),
    change.map(({ path }) => path),
  );
}

function stateAfter(change: readonly FileChange[]): State {
  return stateFrom(
    change.map(({ path, languageId, after }) => ({ path, languageId, text: after })),
    change.flatMap(({ from }) => from ?? []),
  );
}

/** `lacking` are not in this state, unless one of the files has come there. */
function stateFrom(
  given: readonly { readonly path: string; readonly languageId: string; readonly text: string | null }[],
  lacking: readonly string[] = [],
): State {
  const files = given.flatMap(({ path, languageId, text }) => (text === null ? [] : [{ path, languageId, text }]));
  const overlay = new Map<string, string | null>(
    [...lacking, ...given.map(({ path }) => path)].map(path => [path, null]),
  );
  for (const { path, text } of files) overlay.set(path, text);
  return { files, beside: [], byPath: new Map(files.map(file => [file.path, file])), overlay };
}

function withBeside(state: State, beside: readonly SourceFile[]): State {
  return { ...state, beside, byPath: new Map([...beside.map(file => [file.path, file] as const), ...state.byPath]) };
}

function ofValidator(validator: Validator, { files, beside }: State): readonly SourceFile[] {
  return [...files, ...(validator.looksAround === true ? beside : [])].filter(file => validator.accepts(file));
}

/** Nobody who reads it has touched that file. */
function ofUser(finding: Finding): Finding {
  const message = `${finding.message} This file is not part of the change, which takes away or alters what it uses.`;
  return { ...finding, message };
}

const mostNames = 5;

function whyNotAll({ names, more, isCut }: Users): string | null {
  if (more === 0 && !isCut) return null;
  const shown = `${names.slice(0, mostNames).join(', ')}${names.length > mostNames ? ' and others' : ''}`;
  const what = names.length === 0 ? 'what this change takes away' : `what this change takes away or alters (${shown})`;
  const rest =
    more === 0 ? null : `${more} more ${more === 1 ? 'file' : 'files'} may use ${what}; the nearest were checked.`;
  return [rest, isCut ? 'Not all of the workspace was looked through for who uses what this change takes away.' : null]
    .filter(each => each !== null)
    .join(' ');
}
