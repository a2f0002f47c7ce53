import type { Reader } from '../code/reader.js';
import { isPython } from './pythonFile.js';
import type { Ruff } from './ruffClient.js';

/** Python as Ruff reads it. */
export function createPythonReader(ruff: Ruff): Reader {
  return {
    accepts: isPython,
    isValid: async ({ text }, signal) =>
      (await ruff.check(text, [], signal)).every(({ code }) => code !== 'invalid-syntax'),
    dispose: () => ruff.dispose(),
  };
}
