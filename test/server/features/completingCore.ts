import { silentLog } from '../../../server/base/log.js';
import type { InlineSettings } from '../../../server/complete/attempt.js';
import { createCompleter } from '../../../server/complete/createCompleter.js';
import type { Core } from '../../../server/core.js';
import { createFakeCore } from '../../support/fakeCore.js';
import {
  inlineDefaults,
  scriptedRecall,
  scriptedTrees,
  type ScriptedRecall,
  type ScriptedTrees,
} from '../complete/support/scripted.js';

export interface CompletingCore extends Core {
  readonly says: ScriptedRecall;
  readonly parses: ScriptedTrees;
}

/** A core with the real pipeline over an engine that says what it is told to. */
export function completingCore(says: ScriptedRecall['says'], settings: Partial<InlineSettings> = {}): CompletingCore {
  const recall = scriptedRecall(says);
  const trees = scriptedTrees();
  const completer = createCompleter({
    recall,
    trees,
    settings: () => ({ ...inlineDefaults, ...settings }),
    exclusion: () => null,
    now: Date.now,
    log: silentLog,
  });
  return {
    ...createFakeCore(),
    says: recall,
    parses: trees,
    recall,
    trees,
    completer,
    open: snapshot => completer.open(snapshot),
    change: (snapshot, edits) => completer.change(snapshot, edits),
    close: uri => completer.close(uri),
  };
}
