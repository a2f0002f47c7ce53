import { assembleCore } from './assembleCore.js';
import type { Entries } from './base/entries.js';
import type { Core, CoreOptions } from './core.js';
import { createCoreParts, recallTokens } from './coreParts.js';
import type { ModelsOptions } from './model/createModels.js';
import type { Models } from './model/models.js';
import type { Gate } from './validate/gate.js';
import type { OpenGateOptions } from './validate/openGate.js';
import { createTrust } from './trust/createTrust.js';
import type { TrustStore } from './trust/trust.js';

export function createCore(options: CoreOptions): Core {
  const { folders, log, settings } = options;
  const isEnabled = (): boolean => settings(null).inline.enabled;
  const indexSettings = (folder: string): string => JSON.stringify([settings(folder).index, settings(folder).privacy]);
  const recallBudget = (): number => recallTokens(options);
  return assembleCore(
    { folders, log, isEnabled, indexSettings, recallBudget, startsModels: options.watch },
    surroundings => createCoreParts(options, surroundings),
  );
}

/** The gateway alone, for commands that need no index. */
export async function loadModels(options: ModelsOptions): Promise<Models> {
  const { createModels } = await import('./model/createModels.js');
  return createModels(options);
}

/** The gate alone, for commands that need no index. */
export async function loadGate(options: OpenGateOptions): Promise<Gate> {
  const { openGate } = await import('./validate/openGate.js');
  return openGate(options);
}

/** Whom the person trusts, where the settings do not say otherwise. */
export function openTrust(configFolder: string, settings: CoreOptions['settings']): TrustStore {
  return createTrust({ configFolder, said: folder => settings(folder).trust.workspaces });
}

/** Where our processes, threads, grammars and weights lie beside this module: in out/ and in dist/ alike. */
export function ownEntries(): Entries {
  const at = (path: string): URL => new URL(path, import.meta.url);
  return {
    indexProcess: at('../index/indexProcess.js'),
    indexWorker: at('../index/worker.js'),
    storeProcess: at('../index/storeProcess.js'),
    recallBuilder: at('../index/recall/builder.js'),
    treeThread: at('../grammars/treeThread.js'),
    scriptThread: at('./validate/typescript/scriptThread.js'),
    codeThread: at('./validate/code/codeThread.js'),
    namesThread: at('./validate/names/namesThread.js'),
    usersThread: at('./validate/users/usersThread.js'),
    formatThread: at('./validate/formatting/formatThread.js'),
    ruffThread: at('./validate/python/ruffThread.js'),
    typescriptProcess: at('./validate/typescript/typescriptProcess.js'),
    typescriptLibraries: at('./validate/typescript/libraries/'),
    wasmFolder: at('../../grammars/wasm/'),
    queryFolder: at('../../grammars/queries/'),
    weights: at('../../index/recall/weights.json'),
  };
}
