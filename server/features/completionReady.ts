import type { Feature } from '../lsp/feature.js';

/**
 * `understudy/completionReady`: what a model says has come after its request was answered. LSP has no way to show it then;
 * a client that says it knows this notification asks again.
 */
export const completionReady: Feature = {
  id: 'completionReady',
  register(session) {
    if (!session.client.completionReady) return;
    session.onInitialized(() => {
      session
        .core()
        .then(core => core.completer.onReady(uri => session.notify('understudy/completionReady', { uri })))
        // Whoever loads the core has told that it cannot be.
        .catch(() => {});
    });
  },
};
