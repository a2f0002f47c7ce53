import { nearestName } from '../config/nearestName.js';
import type { Settings } from '../config/schema.js';
import { nameRules } from './names/invented.js';
import { pythonRules } from './python/ruffNames.js';
import { ruffSecurity } from './python/ruffSecurity.js';
import { securityFamilies } from './security/families.js';
import { validatorOf } from './policy.js';
import { ruleOfCode } from './typescript/rules.js';

/** Rules by the lists of those who find them. */
export const ruleNames: readonly string[] = [
  ...new Set([
    ...nameRules.map(rule => `names/${rule}`),
    ...[...ruleOfCode.values()].map(({ rule }) => rule),
    ...pythonRules,
    ...Object.keys(securityFamilies),
    ...Object.values(ruffSecurity).map(({ rule }) => rule),
  ]),
];

/** Families of which the lists above hold every rule; others have rules of projects' own, such as those of a linter. */
const wholeFamilies: ReadonlySet<string> = new Set(['names', 'security', 'python']);

/** First halves of rules that no validator is called after, or whose validator is only asked when tests are to run. */
const otherFamilies = ['types', 'python', 'names', 'eslint', 'ruff', 'tests'];

/** A sentence for each name in `gate.rules` that no finding can ever have; `validators` are their ids. */
export function doubtsAboutRules({ rules }: Settings['gate'], validators: readonly string[]): readonly string[] {
  const families = [...new Set([...validators, ...otherFamilies])];
  return Object.keys(rules).flatMap(name => {
    const family = name.includes('/') ? validatorOf(name) : name;
    if (!families.includes(family)) return [doubt(name, name.includes('/') ? ruleNames : families)];
    const isKnown = name === family || !wholeFamilies.has(family) || ruleNames.includes(name);
    return isKnown ? [] : [doubt(name, ruleNames)];
  });
}

function doubt(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
  return `gate.rules: there is no rule ${name.slice(0, 80)}, so that it changes nothing.${hint}`;
}
