import { isRecord, type UnknownRecord } from '../base/record.js';

export interface Amount {
  readonly tokens: number;
  /** Billionths of a US dollar; null where the price is not known. */
  readonly nanoUsd: number | null;
}

export interface Total {
  readonly tokens: number;
  readonly nanoUsd: number;
  /** The price of something in it is not known. */
  readonly hasUnknown: boolean;
  /** The smallest that was refused: as long as it would not fit, the limit counts as reached. */
  readonly refused: Amount | null;
}

/** Sums of one month's records, by day and for the month. */
export interface Totals {
  apply(record: UnknownRecord): void;
  has(id: string): boolean;
  /** `2026-11-21` or `2026-11`. */
  of(period: string): Total;
  refuse(day: string, need: Amount): void;
}

/** A single request larger than this says nothing about what still fits. */
const everydayTokens = 20_000;

export function createTotals(): Totals {
  const entries = new Map<string, { readonly day: string; amount: Amount }>();
  const sums = new Map<string, { tokens: number; nanoUsd: number; unknown: number; refused: Amount | null }>();
  return {
    apply(record) {
      const { id, day } = record;
      if (typeof id !== 'string') return;
      const reserved = readAmount(record['reserved']);
      const settled = readAmount(record['settled']);
      if (reserved !== null && typeof day === 'string' && !entries.has(id)) {
        entries.set(id, { day, amount: reserved });
        add(day, reserved, 1);
      }
      const entry = entries.get(id);
      if (settled === null || entry === undefined) return;
      add(entry.day, entry.amount, -1);
      entry.amount = settled;
      add(entry.day, settled, 1);
    },
    has: id => entries.has(id),
    of(period) {
      const { tokens, nanoUsd, unknown, refused } = sumOf(period);
      return { tokens, nanoUsd, hasUnknown: unknown > 0, refused };
    },
    refuse(day, need) {
      if (need.tokens > everydayTokens) return;
      for (const period of periodsOf(day)) {
        const sum = sumOf(period);
        if (sum.refused === null || need.tokens < sum.refused.tokens) sum.refused = need;
      }
    },
  };

  function add(day: string, { tokens, nanoUsd }: Amount, sign: 1 | -1): void {
    for (const period of periodsOf(day)) {
      const sum = sumOf(period);
      sum.tokens += sign * tokens;
      if (nanoUsd === null) sum.unknown += sign;
      else sum.nanoUsd += sign * nanoUsd;
    }
  }

  function sumOf(period: string): { tokens: number; nanoUsd: number; unknown: number; refused: Amount | null } {
    const known = sums.get(period);
    if (known !== undefined) return known;
    const made = { tokens: 0, nanoUsd: 0, unknown: 0, refused: null };
    sums.set(period, made);
    return made;
  }
}

function periodsOf(day: string): readonly string[] {
  return [day, day.slice(0, 7)];
}

function readAmount(value: unknown): Amount | null {
  if (!isRecord(value)) return null;
  const { tokens, usd } = value;
  if (typeof tokens !== 'number' || !Number.isFinite(tokens) || tokens < 0) return null;
  if (usd === null) return { tokens, nanoUsd: null };
  return typeof usd === 'number' && Number.isFinite(usd) && usd >= 0
    ? { tokens, nanoUsd: Math.round(usd * 1e9) }
    : null;
}
