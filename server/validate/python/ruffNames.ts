import type { Finding, Severity, SourceFile } from '../validator.js';
import { makesNames } from './pythonFile.js';
import type { RuffDiagnostic } from './ruffMessages.js';

interface Rule {
  readonly rule: string;
  readonly severity: Severity;
  /** Whether it holds only where the file makes no names while it runs. */
  readonly ofNames: boolean;
  /** `name` is the first that Ruff's message quotes, or what it marks. */
  readonly message: (name: string) => string;
}

const format: Omit<Rule, 'message'> = { rule: 'python/wrong-format', severity: 'medium', ofNames: false };
const misplaced = (what: string): Rule => ({
  rule: 'syntax/misplaced',
  severity: 'high',
  ofNames: false,
  message: () => `${what} stands where Python takes none.`,
});
const argumentsDiffer = (): string => 'The places of this format and what is put in do not match.';

/** What of Ruff's F codes is reported. What is unused, or merely untidy, is a linter's. */
const rules: Readonly<Record<string, Rule>> = {
  F821: { rule: 'names/unknown-name', severity: 'high', ofNames: true, message: unknownName },
  F822: {
    rule: 'names/unknown-export',
    severity: 'medium',
    ofNames: true,
    message: name => `__all__ names ${name}, which is not defined here.`,
  },
  F823: {
    rule: 'python/used-before-assignment',
    severity: 'medium',
    ofNames: true,
    message: name => `${name} is used before it is assigned in this function, which makes it a name of its own.`,
  },
  F811: {
    rule: 'python/redefinition',
    severity: 'low',
    ofNames: false,
    message: name => `${name} is defined a second time, and the first is never used.`,
  },
  F701: misplaced('break'),
  F702: misplaced('continue'),
  F704: misplaced('yield or await'),
  F706: misplaced('return'),
  F707: misplaced('An except without a kind'),
  F501: { ...format, message: () => 'This format has a wrong place in it.' },
  F502: { ...format, message: () => 'This format wants a dictionary.' },
  F503: { ...format, message: () => 'This format wants a tuple.' },
  F505: { ...format, message: () => 'This format names something that the dictionary lacks.' },
  F506: { ...format, message: () => 'This format mixes places with names and places without.' },
  F507: { ...format, message: argumentsDiffer },
  F509: { ...format, message: () => 'This format has a place of an unknown kind.' },
  F521: { ...format, message: () => 'This format has a wrong place in it.' },
  F524: { ...format, message: () => 'This format names something that is not put in.' },
  F525: { ...format, message: () => 'This format mixes numbered places with others.' },
};

export const pythonRules: readonly string[] = [...new Set(Object.values(rules).map(({ rule }) => rule))];

export const nameCodes: readonly string[] = Object.keys(rules);

/** The same sentence whoever finds it, so that a place is shown once. */
export function unknownName(name: string): string {
  return `${name} is not defined.`;
}

export function nameFinding(file: SourceFile, { code, message, start, end }: RuffDiagnostic): Finding | null {
  const rule = rules[code];
  if (rule === undefined || (rule.ofNames && makesNames(file.text))) return null;
  const name = /`([^`]+)`/.exec(message)?.[1] ?? file.text.slice(start, end);
  if (rule.rule === 'names/unknown-name' && isGivenByHost(name, file)) return null;
  const { severity, rule: id } = rule;
  return { rule: id, severity, path: file.path, start, end, message: rule.message(name), fix: null };
}

/** Names that some other program puts into the table before it runs such a file, or that an older Python had. */
function isGivenByHost(name: string, { path, text }: SourceFile): boolean {
  if (hostNames.has(name)) return true;
  if (olderNames.has(name)) return /\bversion_info\b|\bPY[23]\b|\bNameError\b|\bsix\b/.test(text);
  return /(?:^|[/\\])(?:SConstruct|SConscript|wscript|.*\.spec|.*\.gdb\.py)$/.test(path) || /^\s*%\w+/m.test(text);
}

const hostNames: ReadonlySet<string> = new Set([
  '_',
  'N_',
  'ngettext',
  'get_ipython',
  'display',
  '__IPYTHON__',
  'reveal_type',
  'reveal_locals',
  'WindowsError',
  'profile',
  '__class__',
]);

/** A file that asks which Python it runs under may mean them. */
const olderNames: ReadonlySet<string> = new Set([
  'unicode',
  'long',
  'xrange',
  'raw_input',
  'basestring',
  'unichr',
  'reduce',
  'execfile',
  'file',
  'cmp',
]);
