import type { Settings } from '../config/schema.js';
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

export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(limit);
}

export function validatorOf(rule: string): string {
  return rule.slice(0, rule.indexOf('/'));
}
