import { platformFolders } from '../base/platformFolders.js';
import { silentLog } from '../base/log.js';
import type { Settings } from '../config/schema.js';
import type { Models } from '../model/models.js';
import type { CommandHost } from './command.js';
import { complainOfSettings, loadSettings } from './settings.js';

export interface ModelsUse {
  readonly models: Models;
  readonly settings: Settings;
}

/** Looks for models and probes them, lends the gateway, and ends it afterwards. No file of the workspace can go through it. */
export async function withModels<Result>(
  host: CommandHost,
  folder: string,
  use: (lent: ModelsUse) => Promise<Result>,
): Promise<Result> {
  const { settings, problems } = await loadSettings(host, folder);
  complainOfSettings(host, problems);
  const models = await host.loadModels({
    settings: () => settings,
    env: host.env,
    stateRoot: stateRootOf(host),
    log: silentLog,
    now: () => performance.timeOrigin + performance.now(),
    isAllowed: () => false,
  });
  try {
    await models.start(host.signal);
    return await use({ models, settings });
  } finally {
    await models.dispose();
  }
}

export function stateRootOf(host: CommandHost): string {
  return platformFolders(host.env).state;
}
