/** One answer at a cursor, judged by what was written there. */
export interface Judged {
  readonly path: string;
  /** From 1, in the file as it was written. */
  readonly line: number;
  readonly column: number;
  readonly changeSet: string;
  readonly language: string;
  readonly before: string;
  /** The rest of the line that was written. */
  readonly written: string;
  /** Some lines after it. */
  readonly below: string;
  /** What was offered; null where nothing was. */
  readonly offered: string | null;
  readonly verdict: 'silent' | 'wrong' | 'right' | 'whole-line';
  /** Where the offer had been seen; null where nothing was offered. */
  readonly origin: string | null;
}

/** One line typed through, each offer taken exactly when all of it was right. */
export interface Typed {
  readonly language: string;
  readonly characters: number;
  /** Keys pressed: one for each character typed and one for each offer taken. */
  readonly keys: number;
  readonly shown: number;
  readonly taken: number;
}

export interface Figures {
  readonly cursors: number;
  /** Share of cursors where something was shown. */
  readonly coverage: number;
  /** Share of what was shown that was right to its last character. */
  readonly precision: number;
  /** Share of cursors where exactly the rest of the line was shown, or more. */
  readonly exact: number;
  /** Share of characters that need not be typed. */
  readonly charactersSaved: number;
}

export function figuresOf(judged: readonly Judged[], typed: readonly Typed[]): Figures {
  const count = (...verdicts: readonly Judged['verdict'][]): number =>
    judged.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const characters = typed.reduce((sum, line) => sum + line.characters, 0);
  const keys = typed.reduce((sum, line) => sum + line.keys, 0);
  return {
    cursors: judged.length,
    coverage: share(judged.length - count('silent'), judged.length),
    precision: share(count('right', 'whole-line'), judged.length - count('silent')),
    exact: share(count('whole-line'), judged.length),
    charactersSaved: share(characters - keys, characters),
  };
}

/** The value that so many percent of all do not exceed; 0 where there are none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

/** How an offer compares with what was written from the cursor on. */
export function judge(offered: string | null, written: string, below: string): Judged['verdict'] {
  if (offered === null) return 'silent';
  const [firstLine = ''] = offered.split(/\r\n?|\n/, 1);
  const following = `${written}\n${below}`;
  if (!following.startsWith(offered.replaceAll('\r\n', '\n'))) return 'wrong';
  return firstLine === written ? 'whole-line' : 'right';
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
