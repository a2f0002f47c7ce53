import { ModelFailure } from './backend.js';
import type { Models, ModelsStatus, Unserved } from './models.js';

/** When there is no model at all: everything else works as before. */
export function noModels(): Models {
  const unserved: Unserved = {
    reason: 'no-backend',
    why: 'No model is set up; suggestions come from your code alone.',
    isUnwanted: true,
  };
  const refuse = (): never => {
    throw new ModelFailure('unreachable', unserved.why);
  };
  return {
    start: () => Promise.resolve(),
    refresh: () => Promise.resolve(),
    serving: () => unserved,
    fillIn: async () => refuse(),
    chat: async () => refuse(),
    embedder: () => null,
    preview: async () => '',
    status: () => nothing,
    onStatus: () => () => {},
    settingsChanged: () => {},
    confirmWith: () => {},
    dispose: () => Promise.resolve(),
  };
}

const nothingSpent = { tokens: 0, usd: 0, limitTokens: null, limitUsd: null, state: 'within' } as const;

const nothing: ModelsStatus = {
  backends: [],
  budget: { daily: nothingSpent, monthly: nothingSpent },
  tasks: { inline: ['recall'], chat: [], explain: [], tests: [], review: [], embed: [] },
  notices: [],
};
