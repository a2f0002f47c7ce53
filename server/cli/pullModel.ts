import { isLoopback } from '../config/backendSettings.js';
import type { Models } from '../model/models.js';
import type { Settings } from '../config/schema.js';
import { exitCodes, type Invocation, type Outcome } from './command.js';
import { UsageError } from './parseCommandLine.js';
import { createProgressBar } from './progressBar.js';
import { withModels } from './withModels.js';

const usualUrl = 'http://127.0.0.1:11434';

/** `understudy models pull NAME`: Ollama fetches a model; nothing of a workspace is sent. */
export async function pullModel(invocation: Invocation, words: readonly string[]): Promise<Outcome> {
  const [name, extra] = words;
  if (name === undefined || extra !== undefined) throw new UsageError('Name one model: understudy models pull NAME.');
  const { host } = invocation;
  return withModels(host, invocation.folder(), async ({ models, settings }) => {
    const url = invocation.option('url') ?? ollamaOf(models, settings) ?? usualUrl;
    if (!URL.canParse(url) || !isLoopback(new URL(url).hostname))
      throw new UsageError(`${url} is not on this machine; fetch the model there.`);
    const { pullIntoOllama } = await import('../model/pull.js');
    const bar = createProgressBar(host.stderr, host.env);
    try {
      await pullIntoOllama(url, name, ({ share, what }) => bar.show(share, what), host.signal);
    } finally {
      bar.clear();
    }
    await models.refresh(host.signal);
    const { tasks } = models.status();
    return {
      exit: exitCodes.done,
      json: { model: name, url, tasks },
      text: () => `${name} is there. Completions: ${tasks.inline.join(' → ')}.\n`,
    };
  });
}

function ollamaOf(models: Models, settings: Settings): string | null {
  const set = Object.values(settings.backends).find(
    ({ kind, url }) => kind === 'ollama' && isLoopback(new URL(url).hostname),
  );
  if (set !== undefined) return set.url;
  const found = models.status().backends.find(({ kind, from }) => kind === 'ollama' && from === 'found');
  return found === undefined ? null : `http://${found.host}`;
}
