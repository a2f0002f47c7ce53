import { isRecord } from '../base/record.js';
import type { Setting } from './setting.js';

/** What tasks.* and sampling.* are called after. */
export const taskNames = ['inline', 'chat', 'explain', 'tests', 'review', 'embed'] as const;
export type TaskName = (typeof taskNames)[number];

/** Names of backends, first to last; null: what is found on this machine. */
export type ChainSetting = readonly string[] | null;

export function chain(description: string): Setting<ChainSetting> {
  return {
    type: 'list of backends, or null',
    fallback: null,
    description,
    read: value =>
      value === null ? { value } : isNames(value) ? { value } : { problem: 'must be a list of names of backends' },
  };
}

export type LanguageChains = Readonly<Record<string, Readonly<Partial<Record<TaskName, readonly string[]>>>>>;

export function languageChains(description: string): Setting<LanguageChains> {
  return {
    type: 'object of language: object of task: list of backends',
    fallback: {},
    description,
    read(value) {
      const problem = { problem: `must be an object of languages, each with lists for ${taskNames.join(', ')}` };
      if (!isRecord(value)) return problem;
      const languages: Record<string, Partial<Record<TaskName, readonly string[]>>> = {};
      for (const [language, tasks] of Object.entries(value)) {
        if (!isRecord(tasks)) return problem;
        const chains: Partial<Record<TaskName, readonly string[]>> = {};
        for (const [name, names] of Object.entries(tasks)) {
          const task = taskNames.find(known => known === name);
          if (task === undefined || !isNames(names)) return problem;
          chains[task] = names;
        }
        languages[language] = chains;
      }
      return { value: languages };
    },
  };
}

export interface SamplingSetting {
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
}

/** What is not named keeps its default. */
export function sampling(fallback: SamplingSetting, description: string): Setting<SamplingSetting> {
  return {
    type: 'object of temperature (0 to 2), topP (0 to 1), maxTokens (1 to 32768)',
    fallback,
    description,
    read(value) {
      const problem = { problem: 'must be an object of temperature (0 to 2), topP (0 to 1), maxTokens (1 to 32768)' };
      if (!isRecord(value) || Object.keys(value).some(name => !Object.hasOwn(fallback, name))) return problem;
      const { temperature = fallback.temperature, topP = fallback.topP, maxTokens = fallback.maxTokens } = value;
      return isWithin(temperature, 0, 2) &&
        isWithin(topP, 0, 1) &&
        isWithin(maxTokens, 1, 32768) &&
        Number.isInteger(maxTokens)
        ? { value: { temperature, topP, maxTokens } }
        : problem;
    },
  };
}

/** Null: no limit. */
export interface BudgetSetting {
  readonly tokens: number | null;
  readonly usd: number | null;
}

export function budget(description: string): Setting<BudgetSetting> {
  return {
    type: 'object of tokens, usd',
    fallback: { tokens: null, usd: null },
    description,
    read(value) {
      const problem = { problem: 'must be an object of tokens and usd, each a number from 0 on' };
      if (!isRecord(value) || Object.keys(value).some(name => name !== 'tokens' && name !== 'usd')) return problem;
      const { tokens = null, usd = null } = value;
      const isLimit = (limit: unknown): limit is number | null => limit === null || isWithin(limit, 0, 1e12);
      return isLimit(tokens) && isLimit(usd) ? { value: { tokens, usd } } : problem;
    },
  };
}

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

export function prices(description: string): Setting<Readonly<Record<string, Price>>> {
  return {
    type: 'object of model: object of input, output',
    fallback: {},
    description,
    read(value) {
      const problem = {
        problem: 'must be an object of models, each with input and output in US dollars a million tokens',
      };
      if (!isRecord(value)) return problem;
      const read: Record<string, Price> = {};
      for (const [model, price] of Object.entries(value)) {
        if (!isRecord(price)) return problem;
        const { input, output } = price;
        if (!isWithin(input, 0, 1e6) || !isWithin(output, 0, 1e6)) return problem;
        read[model] = { input, output };
      }
      return { value: read };
    },
  };
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(name => typeof name === 'string' && name !== '');
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}
