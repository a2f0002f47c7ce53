import type { ValuePlace } from './values.js';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Value extends Span {
  readonly place: ValuePlace;
  /** What closes it, for literals. */
  readonly quote: string | null;
}

/** A sticky pattern, at one place. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
