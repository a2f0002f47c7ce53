import type { Known } from './backend.js';

/**
 * Whether whoever runs a host trains models on what is sent there, by their published terms. `host` may have a port. Unknown
 * where the terms were not read, or differ by plan: Mistral's free plan does unless one objects and its paid one does not,
 * and a router passes text on to others.
 */
export function trainsOnInput(host: string, modelName = ''): Known<boolean> {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  if (isThisMachine(name)) {
    // Ollama passes these on to its own machines.
    return runsInCloud(modelName) ? 'unknown' : { value: false, source: 'the server runs on this machine' };
  }
  const row = hosts.find(({ suffix }) => name === suffix || name.endsWith(`.${suffix}`));
  return row === undefined ? 'unknown' : { value: row.trains, source: row.source };
}

/** Whether Ollama passes on what is sent to a model of that name. */
export function runsInCloud(modelName: string): boolean {
  return /[-:]cloud$/i.test(modelName);
}

function isThisMachine(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

const hosts: readonly { readonly suffix: string; readonly trains: boolean; readonly source: string }[] = [
  { suffix: 'api.openai.com', trains: false, source: 'https://platform.openai.com/docs/guides/your-data' },
  { suffix: 'api.anthropic.com', trains: false, source: 'https://www.anthropic.com/legal/commercial-terms' },
  {
    suffix: 'openai.azure.com',
    trains: false,
    source: 'https://learn.microsoft.com/legal/cognitive-services/openai/data-privacy',
  },
  {
    suffix: 'api.deepseek.com',
    trains: true,
    source: 'https://cdn.deepseek.com/policies/en-US/deepseek-privacy-policy.html',
  },
];
