import type { Output, Paint } from './command.js';
import { controlOf } from './terminal.js';

/** Colours on a terminal only, and not where NO_COLOR is set (https://no-color.org). */
export function createPaint(output: Output, env: Readonly<Record<string, string | undefined>>): Paint {
  const coloured = output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const control = controlOf(output);
  const sequence = (code: number): string => control(String(code), 'm');
  const style =
    (on: number, off: number) =>
    (text: string): string =>
      coloured && text !== '' ? sequence(on) + text + sequence(off) : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    cyan: style(36, 39),
    columns: Math.min(Math.max(output.columns ?? 100, 40), 140),
  };
}
