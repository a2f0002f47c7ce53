import type { Spending } from './models.js';

/** That a budget lets nothing more go: it is spent, or what is left of it is less than the next request may cost. */
export function reachedWords(period: 'day' | 'month', { tokens, usd, limitTokens, limitUsd }: Spending): string {
  const isSpent = (limitTokens !== null && tokens >= limitTokens) || (limitUsd !== null && (usd ?? 0) >= limitUsd);
  const state = isSpent
    ? `The budget of the ${period} is used up`
    : `What is left of the budget of the ${period} is less than a request may cost`;
  return `${state}; nothing more goes to other machines.`;
}
