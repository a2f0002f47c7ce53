import { realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { languageIdOf } from '../../grammars/registry.js';
import { realPathOr } from '../base/paths.js';
import { lineStartsOf, positionAt } from '../base/position.js';
import type { Settings } from '../config/schema.js';
import { createAudit } from '../trust/audit.js';
import { textOnDisk } from '../base/textOnDisk.js';
import { gitChanges } from '../trust/gitChanges.js';
import type { Check, FileChange, Gate, Issue, Judgement } from '../validate/gate.js';
import { auditedJudgement } from '../validate/auditedGate.js';
import { isAtLeast } from '../validate/policy.js';
import { doubtsAboutRules } from '../validate/ruleNames.js';
import { sarifOf } from '../validate/sarif.js';
import { severities, type Severity, type SourceFile, type Workplace } from '../validate/validator.js';
import { describeCheck, isUnknown, type CheckReport } from './checkReport.js';
import { exitCodes, type Command, type CommandHost, type Invocation, type Outcome } from './command.js';
import { describeNothing, readFilesToCheck, requireInside, type FilesToCheck, type NotRead } from './filesToCheck.js';
import { UsageError } from './parseCommandLine.js';
import { scanWorkspace } from './scanWorkspace.js';
import { complainOfSettings, loadSettings } from './settings.js';
import { stderrLog } from './stderrLog.js';
import { trustOf } from './trust.js';
import { stateRootOf } from './withModels.js';

export const checkCommand: Command = {
  name: 'check',
  usage: '[PATH…]',
  summary: 'checks files as they are, or what a change adds: syntax, invented names, secrets, dangers',
  description: `
Without PATH all files of the workspace. With --diff only what the change adds is judged: for pre-commit, --diff staged; for a branch, --diff main...HEAD. Files that git does not know yet are no part of a change, as for git diff; with one revision it is said which those are (git add -N takes them in).
A check that could not run is named with its reason; it is not a pass, and with --strict it fails. Nothing of the workspace is run unless you trust it (understudy trust).`,
  options: {
    diff: { type: 'string', value: 'RANGE', help: 'A..B, A...B, one revision (against the files on disk), or staged.' },
    stdin: { type: 'boolean', help: 'The text comes on stdin; --path says whose it is.' },
    path: { type: 'string', value: 'P', help: 'With --stdin: the file that the text is meant for.' },
    tests: { type: 'boolean', help: 'Run the tests too, in a sandbox; in trusted workspaces.' },
    sarif: { type: 'boolean', help: 'SARIF 2.1.0 on stdout, and nothing else.' },
    'fail-on': {
      type: 'string',
      value: 'SEVERITY',
      help: `Exit with 1 from this severity on: ${severities.join(', ')}. Default: what gate.block refuses.`,
    },
    strict: { type: 'boolean', help: 'Exit with 1 also where something that was asked for could not be judged.' },
  },
  positionals: [0, 10_000],
  async run(invocation) {
    const { host } = invocation;
    const failOn = severityOf(invocation.option('fail-on'));
    const task = taskOf(invocation);
    const folder = realpathSync(invocation.folder());
    if (task.kind === 'stdin') requireInside(task.path, folder);
    const { settings, problems } = await loadSettings(host, folder);
    complainOfSettings(host, problems);
    const workplace: Workplace = {
      folder,
      isTrusted: trustOf(host, settings).isTrusted(folder),
      index: null,
      gate: settings.gate,
      exclude: [...settings.index.exclude, ...settings.privacy.exclude],
    };
    const gate = await host.loadGate({
      entries: host.entries,
      env: host.env,
      log: stderrLog(host, settings),
      now: () => performance.now(),
      deadlinesMs: { typing: patienceMs, edit: patienceMs, tests: patienceMs },
    });
    try {
      return await check(invocation, gate, workplace, settings, task, failOn);
    } finally {
      await gate.dispose();
    }
  },
};

/** Somebody waits on purpose: a build service, or a person who asked for all of a folder. */
const patienceMs = 600_000;

type Task =
  | { readonly kind: 'diff'; readonly range: string }
  | { readonly kind: 'stdin'; readonly path: string }
  | { readonly kind: 'files'; readonly paths: readonly string[] };

function taskOf(invocation: Invocation): Task {
  const range = invocation.option('diff');
  const path = invocation.option('path');
  const { positionals } = invocation;
  const { cwd } = invocation.host;
  if (invocation.flag('sarif') && invocation.json) throw new UsageError('--sarif and --json exclude one another.');
  if (invocation.flag('stdin')) {
    if (path === null) throw new UsageError('--stdin needs --path, which says what language and whose file it is.');
    if (range !== null || positionals.length > 0) throw new UsageError('--stdin stands alone: no PATH, no --diff.');
    return { kind: 'stdin', path: resolve(cwd, path) };
  }
  if (path !== null) throw new UsageError('--path goes with --stdin.');
  if (range === null) return { kind: 'files', paths: positionals.map(each => resolve(cwd, each)) };
  if (positionals.length > 0) throw new UsageError('--diff takes all that changed: no PATH beside it.');
  return { kind: 'diff', range };
}

function severityOf(text: string | null): Severity | null {
  if (text === null) return null;
  const found = severities.find(severity => severity === text);
  if (found === undefined) throw new UsageError(`--fail-on must be one of ${severities.join(', ')}, not ${text}.`);
  return found;
}

async function check(
  invocation: Invocation,
  gate: Gate,
  workplace: Workplace,
  settings: Settings,
  task: Task,
  failOn: Severity | null,
): Promise<Outcome> {
  const { host } = invocation;
  const reach = invocation.flag('tests') ? 'tests' : 'edit';
  const folder = workplace.folder ?? host.cwd;
  const texts = new Map<string, string>();
  const beside = new Map<string, string>();
  let judged: Judgement;
  /** What somebody wants to know whether to take: that is written down, files as they are not. */
  let judgedChange: readonly FileChange[] | null = null;
  let notRead: readonly NotRead[] = [];
  let nothing: string | null = null;
  if (task.kind === 'diff') {
    const { changes, leftOut, tracked } = await gitChanges(folder, task.range, host.signal);
    notRead = leftOut;
    if (tracked !== null) tellUntracked(host, untrackedIn(folder, tracked, settings), folder);
    const change = changes.map(({ path, from, before, after }): FileChange => {
      const text = after ?? before ?? '';
      if (after !== null) texts.set(path, after);
      return { path, from, before, after, languageId: languageIdOf(path, text) };
    });
    judgedChange = change;
    if (change.length === 0) nothing = `Nothing has changed in ${task.range}.`;
    judged = await gate.judge(change, workplace, reach, host.signal);
    // Findings may stand in files that use what the change takes away.
    for (const { path } of judged.issues) if (!texts.has(path)) beside.set(path, textOnDisk(path) ?? '');
  } else {
    const read: FilesToCheck =
      task.kind === 'stdin'
        ? { files: [await readStdin(host, task.path)], notRead: [], skipped: {} }
        : readFilesToCheck(task.paths, folder, settings);
    notRead = read.notRead;
    if (read.files.length === 0) nothing = describeNothing(read);
    for (const { path, text } of read.files) texts.set(path, text);
    if (task.kind === 'stdin')
      judgedChange = read.files.map(({ text, ...file }) => ({ ...file, before: null, after: text }));
    judged = await gate.examine(read.files, workplace, reach, host.signal);
  }
  if (judgedChange !== null) {
    const audit = createAudit({ stateRoot: stateRootOf(host), now: Date.now, log: stderrLog(host, settings) });
    await audit.note(auditedJudgement(judgedChange, folder, 'check', judged));
  }
  const ids = judged.checks.map(({ id }) => id);
  for (const doubt of doubtsAboutRules(settings.gate, ids)) host.stderr.write(`${doubt}\n`);
  const around = { folder, texts, beside, notRead, nothing, notices: gate.notices() };
  return outcomeOf(invocation, judged, around, failOn);
}

/** What is new and was not added yet: no part of the change, as git has it, but likely meant. */
function untrackedIn(folder: string, tracked: ReadonlySet<string>, settings: Settings): readonly string[] {
  return scanWorkspace(folder, settings)
    .files.map(({ path }) => join(folder, path))
    .filter(path => !tracked.has(path));
}

function tellUntracked(host: CommandHost, untracked: readonly string[], folder: string): void {
  if (untracked.length === 0) return;
  const shown = untracked.slice(0, mostUntracked).map(path => relative(folder, path));
  const more = untracked.length - shown.length;
  const names = `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const files = untracked.length === 1 ? 'file that git does not know is' : 'files that git does not know are';
  host.stderr.write(`${untracked.length} ${files} not checked: ${names}. git add -N takes them into the change.\n`);
}

const mostUntracked = 5;

function outcomeOf(
  invocation: Invocation,
  { issues, checks }: Judgement,
  around: Omit<CheckReport, 'findings' | 'checks'>,
  failOn: Severity | null,
): Outcome {
  const findings = issues.map(issue => ({
    ...issue,
    range: rangeOf(issue, new Map([...around.beside, ...around.texts])),
  }));
  const fails = issues.some(({ severity, consequence }) =>
    failOn === null ? consequence === 'refuse' : isAtLeast(severity, failOn),
  );
  const notJudged = notJudgedOf(checks, around.notRead);
  const isPartial = around.notRead.length > 0 || checks.some(isUnknown);
  const sarif = (): object =>
    sarifOf(findings, checks, around.notRead, { folder: around.folder, version: invocation.host.version });
  return {
    exit: fails || (isPartial && invocation.flag('strict')) ? exitCodes.nothing : exitCodes.done,
    json: { findings: findings.map(findingDocument), validators: checks.map(validatorDocument), notJudged },
    text: paint =>
      invocation.flag('sarif')
        ? `${JSON.stringify(sarif(), null, 2)}\n`
        : describeCheck({ ...around, findings, checks }, paint),
  };
}

/** Each file of which a validator has judged nothing; `by` is null where none has read it. */
function notJudgedOf(checks: readonly Check[], notRead: readonly NotRead[]): readonly object[] {
  return [
    ...notRead.map(({ path, why }) => ({ path, by: null, why: `It ${why}.` })),
    ...checks.flatMap(({ id, why, notJudged }) => notJudged.map(path => ({ path, by: id, why }))),
  ];
}

/** As the contract writes it. */
function findingDocument({
  rule,
  severity,
  path,
  range,
  message,
  fix,
  consequence,
}: Issue & { readonly range: object }): object {
  return { rule, severity, path, range, message, fix, consequence };
}

function validatorDocument({ id, state, why, remedy, ms }: Check): object {
  return { id, ran: state === 'passed' || state === 'found', state, why, remedy, ms };
}

function rangeOf({ path, start, end }: Issue, texts: ReadonlyMap<string, string>) {
  const starts = lineStartsOf(texts.get(path) ?? '');
  return { start: positionAt(starts, start), end: positionAt(starts, end) };
}

async function readStdin(host: CommandHost, path: string): Promise<SourceFile> {
  const parts: Buffer[] = [];
  for await (const part of host.stdin) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts).toString('utf8');
  return { path: realPathOr(path), text, languageId: languageIdOf(path, text) };
}
