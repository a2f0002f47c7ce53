import type { Known } from '../backend.js';
import type { ExtraParameters } from './openaiClient.js';

/** What is known of a provider beyond its protocol, as of November 2026. */
export interface Provider {
  readonly name: string;
  /** Null: as the table of hosts says. */
  readonly trainsOnInput: Known<boolean> | null;
  /** Sent with each chat: neither store nor train, in the provider's own words. */
  readonly parameters: ExtraParameters;
  /** Whether `suffix` works, by the base of its URL. */
  readonly fillsIn: (base: string) => boolean;
  readonly advice: (base: string) => readonly string[];
}

export function providerOf(host: string): Provider {
  return providers.find(({ hosts }) => hosts.test(host)) ?? unknownProvider;
}

const never = () => false;
const nothing = () => [];

const unknownProvider: Provider = {
  name: 'an OpenAI-compatible server',
  trainsOnInput: null,
  parameters: {},
  fillsIn: never,
  advice: nothing,
};

const providers: readonly (Provider & { readonly hosts: RegExp })[] = [
  {
    hosts: /^api\.openai\.com$/,
    name: 'OpenAI',
    trainsOnInput: null,
    parameters: { store: false },
    fillsIn: never,
    advice: nothing,
  },
  {
    hosts: /^openrouter\.ai$/,
    name: 'OpenRouter',
    // Asked for with each request, it passes nothing on to those who do.
    trainsOnInput: { value: false, source: 'https://openrouter.ai/docs/guides/privacy/provider-logging' },
    parameters: { provider: { data_collection: 'deny' } },
    fillsIn: never,
    advice: nothing,
  },
  {
    hosts: /^api\.deepseek\.com$/,
    name: 'DeepSeek',
    trainsOnInput: null,
    parameters: {},
    fillsIn: base => base.endsWith('/beta'),
    advice: base =>
      base.endsWith('/beta')
        ? []
        : ['DeepSeek fills in at another address: give https://api.deepseek.com/beta as url.'],
  },
  {
    hosts: /(?:^|\.)mistral\.ai$/,
    name: 'Mistral',
    trainsOnInput: null,
    parameters: {},
    fillsIn: never,
    advice: () => ['Mistral fills in by a path of its own: set the kind of this backend to "mistral".'],
  },
];
