import type { Log } from '../base/log.js';
import { untilAborted } from '../base/untilAborted.js';
import { isDeclaredBy } from './declaredInChange.js';
import { feedbackOf } from './feedback.js';
import type { Check, FileChange, Gate, Issue, Judgement } from './gate.js';
import { newFindings } from './newFindings.js';
import { consequenceOf } from './policy.js';
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
  /** What takes longer is unknown, by reach. */
  readonly deadlinesMs?: Readonly<Record<Reach, number>>;
}

const defaultDeadlinesMs: Readonly<Record<Reach, number>> = { typing: 50, edit: 30_000, tests: 300_000 };

/** A state of the files of a change. */
interface State {
  readonly files: readonly SourceFile[];
  readonly byPath: ReadonlyMap<string, SourceFile>;
}

interface Verdict extends Examined {
  readonly state: Check['state'];
  readonly ms: number;
}

export function createGate({ validators, log, now, deadlinesMs = defaultDeadlinesMs }: GateOptions): Gate {
  const notices = new Set<string>();

  return {
    async judge(change, workplace, reach, signal) {
      const before = stateOf(change, ({ before: text }) => text);
      const after = stateOf(change, ({ after: text }) => text);
      const verdicts = await runAll(workplace, reach, after, signal, (validator, files, ending) =>
        added(validator, files, before, after, workplace, ending),
      );
      return judgement(verdicts, after, workplace);
    },
    async examine(files, workplace, reach, signal) {
      const state = stateFrom(files);
      const verdicts = await runAll(workplace, reach, state, signal, (validator, own, ending) =>
        validator.examine(own, workplace, ending),
      );
      return judgement(verdicts, state, workplace);
    },
    notices: () => [...notices],
    async dispose() {
      await Promise.allSettled(validators.map(validator => validator.dispose?.()));
    },
  };

  /** What was wrong before is only asked for where something is wrong now. */
  async function added(
    validator: Validator,
    files: readonly SourceFile[],
    before: State,
    after: State,
    workplace: Workplace,
    signal: AbortSignal,
  ): Promise<Examined> {
    const now = await validator.examine(files, workplace, signal);
    if (now.findings.length === 0) return now;
    const own = before.files.filter(file => validator.accepts(file));
    const then = own.length === 0 ? nothingWrong : await validator.examine(own, workplace, signal);
    const identity = validator.identity?.bind(validator);
    const isDeclared = isDeclaredBy(after.files);
    const findings = newFindings(then.findings, now.findings, before.byPath, after.byPath, identity).filter(finding => {
      const file = after.byPath.get(finding.path);
      return file === undefined || !isDeclared(finding, file);
    });
    return { ...now, findings };
  }

  function runAll(
    workplace: Workplace,
    reach: Reach,
    { files }: State,
    signal: AbortSignal,
    examine: (validator: Validator, files: readonly SourceFile[], signal: AbortSignal) => Promise<Examined>,
  ): Promise<readonly (readonly [Validator, Verdict])[]> {
    signal.throwIfAborted();
    const taking = validators.filter(validator => reaches[reach].includes(validator.reach));
    return Promise.all(
      taking.map(async validator => {
        const own = files.filter(file => validator.accepts(file));
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
    checks: verdicts.map(([{ id }, { state, unknown, ms }]) => ({
      id,
      state,
      why: unknown?.why ?? null,
      remedy: unknown?.remedy ?? null,
      missing: unknown?.missing ?? null,
      ms,
    })),
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

function stateOf(change: readonly FileChange[], textOf: (change: FileChange) => string | null): State {
  return stateFrom(
    change.flatMap(each => {
      const text = textOf(each);
      return text === null ? [] : [{ path: each.path, languageId: each.languageId, text }];
    }),
  );
}

function stateFrom(files: readonly SourceFile[]): State {
  return { files, byPath: new Map(files.map(file => [file.path, file])) };
}
