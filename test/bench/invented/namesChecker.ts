import { homedir } from 'node:os';
import type { Log } from '../../../server/base/log.js';
import { defaultSettings } from '../../../server/config/resolve.js';
import { createNamesValidator } from '../../../server/validate/names/createNamesValidator.js';
import type { Validator } from '../../../server/validate/validator.js';
import { grammarFolders } from '../../support/grammarFolders.js';
import type { Checker, Project } from './row.js';

export const log: Log = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };

/** The validator by syntax trees and what is installed alone: nothing is run. */
export function openNames(languageId: string): Promise<Checker> {
  const validator = createNamesValidator({
    entries: {
      namesThread: new URL('../../../server/validate/names/namesThread.js', import.meta.url),
      ...grammarFolders,
    },
    log,
    env: process.env,
    home: homedir(),
  });
  return Promise.resolve(checkerOf([validator], languageId, false));
}

/** All that several validators find. */
export function checkerOf(validators: readonly Validator[], languageId: string, isTrusted: boolean): Checker {
  return {
    async examine({ folder }: Project, path, text) {
      const workplace = { folder, isTrusted, index: null, gate: defaultSettings().gate };
      const signal = new AbortController().signal;
      const examined = await Promise.all(
        validators.map(validator => validator.examine([{ path, languageId, text }], workplace, signal)),
      );
      const findings = examined.flatMap(({ findings }) => findings);
      return { findings, unknown: examined.find(({ unknown }) => unknown !== null)?.unknown ?? null };
    },
    async dispose() {
      for (const validator of validators) await validator.dispose?.();
    },
  };
}
