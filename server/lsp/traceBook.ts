import type { ReasonCode } from '../complete/completer.js';

/** One request as `understudy/trace` shows it. Never code. */
export interface TraceEntry {
  readonly id: number | string;
  readonly method: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly ms: number;
  readonly outcome: 'answered' | 'superseded' | 'cancelled' | 'failed' | 'refused';
  readonly steps: readonly { readonly name: string; readonly ms: number }[];
  readonly source: string | null;
  readonly origin: string | null;
  readonly reason: ReasonCode | null;
}

/** The last requests, and how often each reason was given since the start. */
export interface TraceBook {
  add(entry: TraceEntry): void;
  last(limit: number): readonly TraceEntry[];
  reasons(): Readonly<Record<string, number>>;
}

export function createTraceBook(capacity = 200): TraceBook {
  const entries: TraceEntry[] = [];
  const counts = new Map<string, number>();
  return {
    add(entry) {
      entries.push(entry);
      if (entries.length > capacity) entries.shift();
      if (entry.reason !== null) counts.set(entry.reason, (counts.get(entry.reason) ?? 0) + 1);
    },
    last: limit => entries.slice(-limit).reverse(),
    reasons: () => Object.fromEntries(counts),
  };
}
