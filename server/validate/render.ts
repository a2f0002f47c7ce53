import { alwaysRefused, defaultConsequences } from './policy.js';
import type { Validator } from './validator.js';

export const gateStart = '<!-- gate: generated -->';
export const gateEnd = '<!-- gate: end -->';

const when: Readonly<Record<Validator['reach'], string>> = {
  typing: 'completions too',
  edit: 'edits, `check`',
  tests: '`check --tests`',
};

/** What is checked and what is done about it, as the README shows it, made from the validators and the policy. */
export function renderGateTables(validators: readonly Validator[]): string {
  const checks = validators.map(({ id, judges, reach, needsTrust }) => [
    `\`${id}\``,
    judges,
    when[reach],
    needsTrust ? 'only when trusted' : 'anywhere',
  ]);
  const consequences = [
    ...alwaysRefused.map(rule => [rule, 'refused, whatever the settings say']),
    ...defaultConsequences.map(({ severity, consequence }) => [`\`${severity}\``, consequence]),
  ];
  return [
    table(['Check', 'What it judges', 'When', 'Where'], checks),
    table(['Finding', 'By default'], consequences),
  ].join('\n\n');
}

/** A document with these tables replaced; null where it has no place for them. */
export function withGateTables(document: string, validators: readonly Validator[]): string | null {
  const start = document.indexOf(gateStart);
  const end = document.indexOf(gateEnd);
  if (start < 0 || end < start) return null;
  return `${document.slice(0, start + gateStart.length)}\n\n${renderGateTables(validators)}\n\n${document.slice(end)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
