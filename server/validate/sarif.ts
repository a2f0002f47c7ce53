import { relative, sep } from 'node:path';
import { pathToUri } from '../base/paths.js';
import type { Range } from '../base/position.js';
import type { Check } from './gate.js';
import type { Finding, Severity } from './validator.js';

/** A finding with its place as LSP counts: from 0, utf-16. */
export interface PlacedFinding extends Pick<Finding, 'rule' | 'severity' | 'path' | 'message'> {
  readonly range: Range;
}

/**
 * One run as SARIF 2.1.0 (OASIS Standard, 2020), which build services show beside the lines. What could not be checked stands
 * among the notifications: a run without results is not a pass where a check did not run.
 */
export function sarifOf(
  findings: readonly PlacedFinding[],
  checks: readonly Check[],
  notRead: readonly { readonly path: string; readonly why: string }[],
  { folder, version }: { readonly folder: string; readonly version: string },
): object {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'understudy', version, rules: rules.map(id => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { WORKSPACE: { uri: `${pathToUri(folder)}/` } },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [
              ...notRead.map(({ path, why }) => ({
                level: 'warning',
                message: { text: `This file ${why}; it is not checked.` },
                locations: [{ physicalLocation: { artifactLocation: locationOf(folder, path) } }],
              })),
              ...checks
                .filter(({ state, why, remedy }) => (state === 'skipped' ? remedy !== null : why !== null))
                .map(({ id, why, notJudged }) => ({
                  level: 'warning',
                  message: { text: `${id}: ${why ?? 'not checked'}` },
                  ...(notJudged.length === 0
                    ? {}
                    : {
                        locations: notJudged.map(path => ({
                          physicalLocation: { artifactLocation: locationOf(folder, path) },
                        })),
                      }),
                })),
            ],
          },
        ],
        results: findings.map(({ rule, severity, message, path, range: { start, end } }) => ({
          ruleId: rule,
          ruleIndex: rules.indexOf(rule),
          level: levels[severity],
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: locationOf(folder, path),
                region: {
                  startLine: start.line + 1,
                  startColumn: start.character + 1,
                  endLine: end.line + 1,
                  endColumn: end.character + 1,
                },
              },
            },
          ],
        })),
      },
    ],
  };
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

function locationOf(folder: string, path: string): object {
  const way = relative(folder, path);
  if (way.startsWith('..')) return { uri: pathToUri(path) };
  return { uri: way.split(sep).map(encodeURIComponent).join('/'), uriBaseId: 'WORKSPACE' };
}
