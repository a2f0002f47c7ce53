import type { SyntaxNode } from '../../../grammars/plainTree.js';
import { nearestName } from '../../config/nearestName.js';
import type { Finding } from '../validator.js';

export const nameRules = [
  'unknown-name',
  'unknown-member',
  'unknown-export',
  'unknown-package',
  'unknown-parameter',
] as const;
export type NameRule = (typeof nameRules)[number];

/** Takes down what nobody knows in one file. */
export interface Inventions {
  /** `near` are the names that might have been meant. */
  add(rule: NameRule, node: SyntaxNode, message: string, near: readonly string[]): void;
  readonly findings: readonly Finding[];
}

export function createInventions(path: string): Inventions {
  const findings: Finding[] = [];
  const seen = new Set<number>();
  return {
    findings,
    add(rule, { start, end, source }, message, near) {
      if (seen.has(start)) return;
      seen.add(start);
      const written = source.slice(start, end).replace(/^["'`]|["'`]$/g, '');
      const meant = near.length === 0 ? null : nearestOf(written, near);
      const isQuoted = written.length < end - start;
      findings.push({
        rule: `names/${rule}`,
        severity: 'high',
        path,
        start,
        end,
        message: meant === null ? message : `${message} Did you mean ${meant}?`,
        fix:
          meant === null ? null : [{ start: isQuoted ? start + 1 : start, end: isQuoted ? end - 1 : end, text: meant }],
      });
    },
  };
}

/** Very short names are near to everything. */
function nearestOf(written: string, near: readonly string[]): string | null {
  const alike = near.filter(name => name !== written && Math.abs(name.length - written.length) <= 3);
  return written.length < 3 ? null : nearestName(written, alike);
}
