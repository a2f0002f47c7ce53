import { uriToPath } from '../base/paths.js';
import { isRecord } from '../base/record.js';
import type { Feature } from '../lsp/feature.js';
import { readList, readRecord } from '../lsp/read.js';
import type { Session } from '../lsp/session.js';

/** Folders come and go, settings change, files change outside the editor. */
export const workspaceChanges: Feature = {
  id: 'workspaceChanges',
  capabilities: () => ({ workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }),
  register(session, handlers) {
    handlers.notification({
      method: 'workspace/didChangeWorkspaceFolders',
      read: params => readRecord(readRecord(params)['event'], 'event'),
      handle(event) {
        const pathsOf = (key: string): string[] => filePaths(readList(event, key));
        session
          .changeFolders(pathsOf('added'), pathsOf('removed'))
          .then(() => session.refreshConfiguration(null))
          .catch((error: unknown) => session.log.error('The workspace folders could not be changed.', error));
      },
    });
    handlers.notification({
      method: 'workspace/didChangeConfiguration',
      read: params => (isRecord(params) ? params['settings'] : null),
      // Never rejects: what goes wrong is logged there.
      handle: settings => void session.refreshConfiguration(settings),
    });
    handlers.notification({
      method: 'workspace/didChangeWatchedFiles',
      read: params => filePaths(readList(readRecord(params), 'changes')),
      handle(paths) {
        for (const path of paths) if (!session.settingsFileChanged(path)) session.loadedCore()?.fileChanged(path);
      },
    });
    session.onInitialized(() => {
      void session.refreshConfiguration(null);
      registerInterest(session);
    });
  },
};

/** VS Code tells of settings only those who have registered; watching costs a client little for one name. */
function registerInterest(session: Session): void {
  const registrations: object[] = [];
  if (session.client.configurationRegistration)
    registrations.push({
      id: 'understudy-configuration',
      method: 'workspace/didChangeConfiguration',
      registerOptions: { section: 'understudy' },
    });
  if (session.client.watchedFiles)
    registrations.push({
      id: 'understudy-settings-files',
      method: 'workspace/didChangeWatchedFiles',
      registerOptions: { watchers: [{ globPattern: '**/.understudy/settings.json' }] },
    });
  if (registrations.length === 0) return;
  session.request('client/registerCapability', { registrations }).catch((error: unknown) => {
    session.log.debug(`The client refused a registration (${error instanceof Error ? error.message : 'no reason'}).`);
  });
}

function filePaths(items: readonly unknown[]): string[] {
  return items.flatMap(item => {
    const uri = isRecord(item) ? item['uri'] : null;
    const path = typeof uri === 'string' ? uriToPath(uri) : null;
    return path === null ? [] : [path];
  });
}
