import { isAbsolute, join } from 'node:path';
import { firstLines } from './messages.js';
import type { TestCase } from './runner.js';

export interface Junit {
  readonly cases: readonly TestCase[];
  /** What could not even be collected. */
  readonly errors: readonly string[];
}

/** Reads the report that pytest writes with `junit_family=xunit1`: attributes in double quotes, no comments in between. */
export function readJunit(xml: string, root: string): Junit {
  const cases: TestCase[] = [];
  const errors: string[] = [];
  for (const [, attributes = '', , body = ''] of xml.matchAll(
    /<testcase\b((?:\s[\w:.-]+="[^"]*")*)\s*(\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const test = attributesOf(attributes);
    const outcome = /<(failure|error|skipped)\b((?:\s[\w:.-]+="[^"]*")*)\s*\/?>(?:([\s\S]*?)<\/\1>)?/.exec(body);
    const kind = outcome?.[1];
    const said = attributesOf(outcome?.[2] ?? '').get('message') ?? '';
    if (kind === 'error' && said.startsWith('collection failure')) {
      errors.push(collectionError(decode(outcome?.[3] ?? '')) || said);
      continue;
    }
    const file = test.get('file');
    const line = test.get('line');
    cases.push({
      name: [...(test.get('classname') ?? '').split('.').slice(-1), test.get('name') ?? ''].join('::'),
      state: kind === undefined ? 'passed' : kind === 'skipped' ? 'skipped' : 'failed',
      message: firstLines(said),
      path: file === undefined ? null : isAbsolute(file) ? file : join(root, file),
      line: line === undefined ? null : Number(line) + 1,
    });
  }
  return { cases, errors };
}

/** pytest prefixes with `E` what was raised. */
function collectionError(text: string): string {
  const raised = text.split('\n').filter(line => line.startsWith('E '));
  return firstLines(raised.map(line => line.slice(1).trim()).join('\n'));
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decode(value)]));
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#x([\da-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
