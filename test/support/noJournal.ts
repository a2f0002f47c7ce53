import { Failure } from '../../server/base/failure.js';
import type { Journal } from '../../server/trust/journal/createJournal.js';

/** Has applied nothing, and applies nothing. */
export const noJournal: Journal = {
  apply: () => Promise.reject(new Failure('unavailable', 'Nothing is applied here.')),
  record: () => Promise.reject(new Failure('unavailable', 'Nothing is kept here.')),
  undo: () => Promise.reject(new Failure('not-found', 'There is nothing to undo.')),
  recover: () => Promise.resolve([]),
};
