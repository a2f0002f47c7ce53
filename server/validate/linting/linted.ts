import type { Finding, Replacement, SourceFile, Unknown } from '../validator.js';

/** What a linter of the project says of some files. `isUsed` is false where the project does not have it look at any of them. */
export interface Linted {
  readonly isUsed: boolean;
  readonly findings: readonly Finding[];
  readonly unknown: Unknown | null;
}

export const notUsed: Linted = { isUsed: false, findings: [], unknown: null };

export function cannotLint(why: string, remedy: string | null = null, missing: string | null = null): Linted {
  return { isUsed: true, findings: [], unknown: { why, remedy, missing } };
}

export interface Objection {
  /** The linter's own name of the rule. */
  readonly rule: string;
  readonly message: string;
  readonly isError: boolean;
  readonly start: number;
  readonly end: number;
  readonly fix: readonly Replacement[] | null;
}

/** `linter/rule`, by the linter's own name of it. */
export function lintFinding(linter: string, file: SourceFile, objection: Objection): Finding {
  const end = Math.min(Math.max(objection.end, objection.start), file.text.length);
  return {
    rule: `${linter}/${objection.rule}`,
    severity: objection.isError ? 'medium' : 'low',
    path: file.path,
    start: Math.min(objection.start, end),
    end,
    message: objection.message.replace(/ (?:on|at|in|from) line \d+(?:,? column \d+)?/g, ''),
    fix: objection.fix,
  };
}

/** Offsets of places that are counted from 1: lines, and columns in utf-16 units or in characters. */
export function createPlaces(text: string): {
  readonly ofUnits: (line: number, column: number) => number;
  readonly ofCharacters: (line: number, column: number) => number;
} {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + end.length);
  const lineStart = (line: number): number => starts[Math.min(Math.max(line, 1), starts.length) - 1] ?? 0;
  return {
    ofUnits: (line, column) => Math.min(lineStart(line) + Math.max(column - 1, 0), text.length),
    ofCharacters(line, column) {
      let at = lineStart(line);
      for (let left = column - 1; left > 0 && at < text.length; left--)
        at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
      return at;
    },
  };
}

export function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300);
}
