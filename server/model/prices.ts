import type { Price } from '../config/taskSettings.js';

interface PriceRow extends Price {
  /** The provider's own host: the same model costs something else elsewhere. */
  readonly host: string;
  readonly model: string;
  /** When the source was read. */
  readonly asOf: string;
  readonly source: string;
}

const deepSeek = { host: 'api.deepseek.com', source: 'https://api-docs.deepseek.com/quick_start/pricing' } as const;
const openAi = {
  host: 'api.openai.com',
  source: 'https://github.com/simonw/llm-prices/blob/main/data/openai.json',
} as const;
const mistralSource = 'https://github.com/simonw/llm-prices/blob/main/data/mistral.json';

/**
 * US dollars for a million tokens, without discounts for cached input, at peak hours where those cost more: a budget must
 * not be overrun. Only what a public page of the date given says; anything else is unknown, and never 0.
 */
export const prices: readonly PriceRow[] = [
  { ...deepSeek, model: 'deepseek-flash', input: 0.3, output: 1.2, asOf: '2026-10-27' },
  { ...deepSeek, model: 'deepseek-v4-pro', input: 1.32, output: 3.96, asOf: '2026-10-27' },
  { ...openAi, model: 'gpt-4.1', input: 2, output: 8, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-4.1-mini', input: 0.4, output: 1.6, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-4.1-nano', input: 0.1, output: 0.4, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-4o', input: 2.5, output: 10, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-4o-mini', input: 0.15, output: 0.6, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-5', input: 1.25, output: 10, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-5-mini', input: 0.25, output: 2, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-5-nano', input: 0.05, output: 0.4, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-5.1', input: 1.25, output: 10, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-5.1-codex', input: 1.25, output: 10, asOf: '2026-11-21' },
  { ...openAi, model: 'gpt-5.1-codex-mini', input: 0.25, output: 2, asOf: '2026-11-21' },
  ...['api.mistral.ai', 'codestral.mistral.ai'].map(host => ({
    host,
    model: 'codestral-latest',
    input: 0.3,
    output: 0.9,
    asOf: '2026-11-21',
    source: mistralSource,
  })),
];

export interface KnownPrice extends Price {
  /** Where it is from: `budget.prices`, or the page and its date. */
  readonly from: string;
}

/** What a model costs at a host; null where nobody said. The person's own word comes first. */
export function priceOf(host: string, model: string, own: Readonly<Record<string, Price>>): KnownPrice | null {
  const said = Object.hasOwn(own, model) ? own[model] : undefined;
  if (said !== undefined) return { ...said, from: 'budget.prices' };
  const hostname = host.replace(/:\d+$/, '');
  const row = prices.find(known => known.host === hostname && known.model === model);
  return row === undefined
    ? null
    : { input: row.input, output: row.output, from: `${row.source}, read on ${row.asOf}` };
}
