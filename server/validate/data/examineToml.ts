import type { DataProblem } from './problem.js';

/** The parser stops at the first mistake. */
export async function examineToml(text: string): Promise<DataProblem[]> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    parse(text, { integersAsBigInt: true });
    return [];
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const start = offsetOf(text, error.line, error.column);
    const lineEnd = text.indexOf('\n', start);
    const [first = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    return [
      {
        name: 'invalid',
        start,
        end: lineEnd < 0 ? text.length : lineEnd,
        message: `This is not valid TOML: ${first}.`,
      },
    ];
  }
}

/** Both count from 1. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  return Math.min(text.length, start + Math.max(0, column - 1));
}
