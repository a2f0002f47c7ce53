import type { FillInWay } from '../backend.js';
import type { FillInPrompt } from '../prompt.js';
import type { Rendered } from './rendered.js';

/**
 * The prompt in the form that a model takes, and how its answer is read. Throws a RangeError for a family that is not in
 * the table: what comes from settings is checked with `isFillInForm` before.
 */
export function renderFor(way: FillInWay, prompt: FillInPrompt): Rendered {
  throw new RangeError(`No form ${way.way} for ${prompt.languageId}.`);
}
