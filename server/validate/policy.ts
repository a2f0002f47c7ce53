import { schema, type Settings } from '../config/schema.js';
import type { Consequence } from './gate.js';
import { severities, type Finding, type Severity } from './validator.js';

/** What is done about a finding where nothing else was said: by severity, after those that are always refused. */
export function consequenceOf(finding: Pick<Finding, 'rule' | 'severity'>, gate: Settings['gate']): Consequence {
  if (isAlwaysRefused(finding)) return 'refuse';
  const said = saidOf(finding.rule, gate) ?? saidOf(validatorOf(finding.rule), gate);
  if (said !== undefined) return said;
  return isAtLeast(finding.severity, gate.block) ? 'refuse' : 'warn';
}

function saidOf(name: string, { rules }: Settings['gate']): Consequence | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined;
}

/** Code that does not parse, secrets, and security findings from `high` on: no setting lets them through. */
export function isAlwaysRefused({ rule, severity }: Pick<Finding, 'rule' | 'severity'>): boolean {
  const validator = validatorOf(rule);
  if (validator === 'syntax' || validator === 'secrets') return isAtLeast(severity, 'high');
  return validator === 'security' && isAtLeast(severity, 'high');
}

/** The same in words. */
export const alwaysRefused: readonly string[] = [
  'Code or data that does not parse',
  'Secrets (`high` and worse)',
  'Security findings (`high` and worse)',
];

/** What is done about the rest by default, by severity. */
export const defaultConsequences: readonly { readonly severity: Severity; readonly consequence: string }[] =
  severities.map(severity => ({
    severity,
    consequence: isAtLeast(severity, schema['gate.block'].fallback) ? 'refused' : 'shown as a warning',
  }));

export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(limit);
}

export function validatorOf(rule: string): string {
  return rule.slice(0, rule.indexOf('/'));
}
