import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../base/log.js';
import type { BudgetSetting, Price } from '../config/taskSettings.js';
import { ModelFailure } from './backend.js';
import { dayOf, monthOf } from '../base/calendar.js';
import { createJsonLines, type JsonLines } from '../base/jsonLines.js';
import type { Spending } from './models.js';
import { createTotals, type Amount, type Totals } from './totals.js';

export interface Tokens {
  readonly prompt: number;
  readonly completion: number;
}

export interface Charge {
  readonly backend: string;
  readonly model: string;
  /** The most it can come to. */
  readonly worst: Tokens;
  /** Null: not known. */
  readonly price: Price | null;
}

export interface Reservation {
  /** What it came to. */
  settle(used: Tokens): Promise<void>;
}

export interface Limits {
  readonly daily: BudgetSetting;
  readonly monthly: BudgetSetting;
}

/**
 * What goes to other machines, counted by day and by calendar month of the person. Every request reserves the most it can
 * cost before it is sent, so that requests that run side by side, in several processes too, cannot overrun a limit.
 */
export interface Budget {
  /** Reads what was spent already. Never rejects. */
  load(): Promise<void>;
  /** Rejects with ModelFailure: `budget-reached`, or `refused-by-settings` where it cannot be kept. */
  reserve(charge: Charge): Promise<Reservation>;
  spending(): { readonly daily: Spending; readonly monthly: Spending };
  /** What is wrong with the records, in sentences; empty when all is well. */
  problems(): readonly string[];
}

export interface BudgetOptions {
  readonly stateRoot: string;
  readonly limits: () => Limits;
  readonly now: () => number;
  readonly log: Log;
}

export function createBudget({ stateRoot, limits, now, log }: BudgetOptions): Budget {
  let month: Month | null = null;
  let trouble: string | null = null;
  /** One after the other: each must read its own line before the next is written. */
  let last: Promise<unknown> = Promise.resolve();

  return {
    load: () => inTurn(() => read(monthAt(now()))).catch(() => undefined),
    reserve: charge => inTurn(() => reserve(charge)),
    spending: () => ({
      daily: spendingOf(monthAt(now()).totals, dayOf(now()), limits().daily),
      monthly: spendingOf(monthAt(now()).totals, monthOf(now()), limits().monthly),
    }),
    problems() {
      const damaged = month?.damaged ?? 0;
      return [
        ...(trouble === null ? [] : [trouble]),
        ...(damaged === 0
          ? []
          : [`${damaged} lines of ${month?.path ?? 'the record of spending'} cannot be read and are not counted.`]),
      ];
    },
  };

  function inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    const mine = last.then(run, run);
    last = mine.catch(() => undefined);
    return mine;
  }

  function monthAt(ms: number): Month {
    const name = monthOf(ms);
    if (month?.name === name) return month;
    const path = join(stateRoot, 'spending', `${name}.jsonl`);
    return (month = { name, path, lines: createJsonLines(path), totals: createTotals(), damaged: 0 });
  }

  async function reserve({ backend, model, worst, price }: Charge): Promise<Reservation> {
    if (price === null && hasUsdLimit(limits())) throw unpriced(model);
    const atMs = now();
    const current = monthAt(atMs);
    const id = randomUUID();
    const day = dayOf(atMs);
    const need = amountOf(worst, price);
    const line = { id, at: new Date(atMs).toISOString(), day, backend, model, reserved: written(need) };
    let isOverrun = false;
    try {
      await current.lines.append(line);
      // The order of the file is the same for everybody: what stands before our line was there first.
      await read(current, record => {
        if (record['id'] === id && 'reserved' in record) isOverrun = isOver(current.totals, day);
      });
    } catch (error) {
      return cannotBeKept(error);
    }
    if (!current.totals.has(id)) return cannotBeKept(null);
    trouble = null;
    if (isOverrun) {
      current.totals.refuse(day, need);
      await settle(current, id, nothing);
      throw reached();
    }
    return { settle: used => inTurn(() => settle(current, id, amountOf(used, price))) };
  }

  /** Without limits, work goes on uncounted; with them, what cannot be counted is not sent. */
  function cannotBeKept(error: unknown): Reservation {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read back';
    trouble = `What is spent cannot be written down in ${join(stateRoot, 'spending')} (${code}).`;
    log.warn(trouble);
    if (!hasLimits(limits())) return { settle: () => Promise.resolve() };
    throw new ModelFailure('refused-by-settings', `${trouble} With a budget set, nothing goes to other machines.`, {
      remedy: 'Make that folder writable, or take the limits out of the settings.',
      cause: error,
    });
  }

  async function settle(of: Month, id: string, used: Amount): Promise<void> {
    try {
      await of.lines.append({ id, at: new Date(now()).toISOString(), settled: written(used) });
      await read(of);
    } catch (error) {
      // The reservation stands: too much is counted, never too little.
      log.warn(`What a request cost cannot be written down (${error instanceof Error ? error.name : 'unknown'}).`);
    }
  }

  async function read(of: Month, each: (record: Readonly<Record<string, unknown>>) => void = () => {}): Promise<void> {
    const { records, damaged } = await of.lines.readNew();
    of.damaged += damaged;
    if (damaged > 0) log.warn(`${damaged} lines of ${of.path} cannot be read and are not counted.`);
    for (const record of records) {
      of.totals.apply(record);
      each(record);
    }
  }

  function isOver(totals: Totals, day: string): boolean {
    const { daily, monthly } = limits();
    return exceeds(totals.of(day), daily) || exceeds(totals.of(day.slice(0, 7)), monthly);
  }

  function reached(): ModelFailure {
    const { daily, monthly } = limits();
    const named = [
      ...describeLimit(daily).map(limit => `${limit} a day`),
      ...describeLimit(monthly).map(limit => `${limit} a month`),
    ];
    return new ModelFailure('budget-reached', `The budget is used up (${named.join(', ')}).`, {
      remedy: 'It goes on by itself with the next day or month; budget.daily and budget.monthly set it.',
    });
  }
}

interface Month {
  readonly name: string;
  readonly path: string;
  readonly lines: JsonLines;
  readonly totals: Totals;
  damaged: number;
}

const nothing: Amount = { tokens: 0, nanoUsd: 0 };

/** Rounded up, and whole numbers: sums of fractions of cents drift. A dollar a million tokens is 1,000 a token. */
function amountOf({ prompt, completion }: Tokens, price: Price | null): Amount {
  const nanoUsd = price === null ? null : Math.ceil(prompt * price.input * 1000 + completion * price.output * 1000);
  return { tokens: prompt + completion, nanoUsd };
}

function written({ tokens, nanoUsd }: Amount): object {
  return { tokens, usd: nanoUsd === null ? null : nanoUsd / 1e9 };
}

function exceeds(
  { tokens, nanoUsd }: { readonly tokens: number; readonly nanoUsd: number },
  limit: BudgetSetting,
): boolean {
  return (
    (limit.tokens !== null && tokens > limit.tokens) || (limit.usd !== null && nanoUsd > Math.floor(limit.usd * 1e9))
  );
}

function hasLimits({ daily, monthly }: Limits): boolean {
  return [daily.tokens, daily.usd, monthly.tokens, monthly.usd].some(limit => limit !== null);
}

/** A sum of money cannot be kept to with a price that nobody knows. */
export function hasUsdLimit({ daily, monthly }: Limits): boolean {
  return daily.usd !== null || monthly.usd !== null;
}

export function unpriced(model: string): ModelFailure {
  return new ModelFailure('budget-reached', `What ${model} costs is not known, and the budget is in US dollars.`, {
    remedy: `Say what it costs in budget.prices: {"${model}": {"input": …, "output": …}}, in US dollars a million tokens; or set the budget in tokens.`,
  });
}

function describeLimit({ tokens, usd }: BudgetSetting): string[] {
  return [...(tokens === null ? [] : [`${tokens} tokens`]), ...(usd === null ? [] : [`${usd} US dollars`])];
}

function spendingOf(totals: Totals, period: string, limit: BudgetSetting): Spending {
  const { tokens, nanoUsd, hasUnknown, refused } = totals.of(period);
  const shareOf = (used: number, of: number | null): number => (of === null ? 0 : of === 0 ? 1 : used / of);
  const share = Math.max(shareOf(tokens, limit.tokens), shareOf(nanoUsd / 1e9, limit.usd));
  // Less is left than a request may cost: it is reached for all that comes like that one.
  const isShort =
    refused !== null && exceeds({ tokens: tokens + refused.tokens, nanoUsd: nanoUsd + (refused.nanoUsd ?? 0) }, limit);
  return {
    tokens,
    usd: hasUnknown ? null : nanoUsd / 1e9,
    limitTokens: limit.tokens,
    limitUsd: limit.usd,
    state: share >= 1 || isShort ? 'reached' : share >= 0.8 ? 'warned' : 'within',
  };
}
