import type { Known } from '../backend.js';
import type { ExtraParameters } from './openaiClient.js';

/** What is known of a provider beyond its protocol, as of November 2026. */
export interface Provider {
  readonly name: string;
  /** Null: as the table of hosts says. */
  readonly trainsOnInput: Known<boolean> | null;
  /** Sent with each request: neither store nor train, in the provider's own words. */
  readonly parameters: { readonly chat: ExtraParameters; readonly complete: ExtraParameters };
  /** Whether `suffix` works, by the base of its URL. */
  readonly fillsIn: (base: string) => boolean;
  readonly advice: (base: string) => readonly string[];
}

export function providerOf(host: string): Provider {
  return providers.find(({ hosts }) => hosts.test(host)) ?? unknownProvider;
}

const never = () => false;
const nothing = () => [];
const none = { chat: {}, complete: {} };
const keepNothing = { provider: { data_collection: 'deny' } };

const unknownProvider: Provider = {
  name: 'an OpenAI-compatible server',
  trainsOnInput: null,
  parameters: none,
  fillsIn: never,
  advice: nothing,
};

const providers: readonly (Provider & { readonly hosts: RegExp })[] = [
  {
    hosts: /^api\.openai\.com$/,
    name: 'OpenAI',
    trainsOnInput: null,
    // Its older completions store nothing, and refuse what they do not know.
    parameters: { chat: { store: false }, complete: {} },
    fillsIn: never,
    advice: nothing,
  },
  {
    hosts: /^openrouter\.ai$/,
    name: 'OpenRouter',
    // Asked for with each request, it passes nothing on to those who do.
    trainsOnInput: { value: false, source: 'https://openrouter.ai/docs/guides/privacy/provider-logging' },
    parameters: { chat: keepNothing, complete: keepNothing },
    fillsIn: never,
    advice: nothing,
  },
  {
    hosts: /^api\.deepseek\.com$/,
    name: 'DeepSeek',
    trainsOnInput: null,
    parameters: none,
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
    parameters: none,
    fillsIn: never,
    advice: () => ['Mistral fills in by a path of its own: set the kind of this backend to "mistral".'],
  },
];
