import type { Log } from '../base/log.js';
import { Failure } from '../base/failure.js';
import type { AskBeforeSending, Models } from './models.js';
import { noModels } from './noModels.js';

/** Models that are loaded when they are started: until then it is as if there were none. */
export function lateModels(load: () => Promise<Models>, log: Log): Models {
  const listeners = new Set<() => void>();
  let models = noModels();
  let loading: Promise<void> | null = null;
  let isDisposed = false;
  let ask: AskBeforeSending | null = null;
  return {
    async start(signal) {
      await (loading ??= loadOnce());
      await models.start(signal);
    },
    refresh: signal => models.refresh(signal),
    serving: (task, languageId, path) => models.serving(task, languageId, path),
    fillIn: (request, signal) => models.fillIn(request, signal),
    chat: (task, languageId, prompt, signal) => models.chat(task, languageId, prompt, signal),
    embedder: () => models.embedder(),
    preview: prompt => models.preview(prompt),
    status: () => models.status(),
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settingsChanged: () => models.settingsChanged(),
    confirmWith(next) {
      ask = next;
      models.confirmWith(next);
    },
    async dispose() {
      isDisposed = true;
      await models.dispose();
    },
  };

  async function loadOnce(): Promise<void> {
    try {
      const loaded = await load();
      if (isDisposed) {
        await loaded.dispose();
        return;
      }
      loaded.confirmWith(ask);
      loaded.onStatus(() => {
        for (const listener of listeners) listener();
      });
      models = loaded;
    } catch (error) {
      log.error(
        error instanceof Failure ? error.message : 'Models cannot be loaded; suggestions come from your code alone.',
        error,
      );
    }
  }
}
