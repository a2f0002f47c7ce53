import type { CommandHost } from '../command.js';

export interface Checked {
  readonly ok: boolean;
  /** One sentence, also when all is well. */
  readonly message: string;
  /** What to do; null when all is well. */
  readonly remedy: string | null;
}

export interface CheckPlace {
  readonly host: CommandHost;
  readonly folder: string;
}

/** One thing that Understudy needs. */
export interface Check {
  readonly id: string;
  run(place: CheckPlace): Promise<Checked>;
}

export function well(message: string): Checked {
  return { ok: true, message, remedy: null };
}

export function unwell(message: string, remedy: string): Checked {
  return { ok: false, message, remedy };
}
