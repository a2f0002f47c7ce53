import { renderHole } from '../chatPrompt.js';
import { createHoleCleaner, holeStop } from '../chatPromptCleaner.js';
import type { FillInWay } from '../backend.js';
import type { FillInPrompt } from '../prompt.js';
import { createAnswerCleaner, createLenientCleaner } from './answerCleaner.js';
import { familyOf } from './families.js';
import { renderContinuation, renderFillIn } from './render.js';
import type { Rendered } from './rendered.js';

/**
 * The prompt in the form that a model takes, and how its answer is read. Throws a RangeError for a family that is not in
 * the table: what comes from settings is checked with `isFillInForm` before.
 */
export function renderFor(way: FillInWay, prompt: FillInPrompt): Rendered {
  switch (way.way) {
    case 'template': {
      const family = familyOf(way.family);
      if (family === null) throw new RangeError(`No family of models called ${way.family}.`);
      const rendered = renderFillIn(family, prompt);
      const { stop } = rendered;
      return { kind: 'raw', prompt: rendered.prompt, stop, cleaner: () => createAnswerCleaner(rendered) };
    }
    case 'continue': {
      const rendered = renderContinuation(prompt);
      const { stop } = rendered;
      return { kind: 'raw', prompt: rendered.prompt, stop, cleaner: () => createAnswerCleaner(rendered) };
    }
    case 'suffix': {
      const rendered = renderContinuation(prompt);
      const { stop, suffix } = rendered;
      return { kind: 'suffix', prompt: rendered.prompt, suffix, stop, cleaner: () => createLenientCleaner(rendered) };
    }
    case 'chat':
      return {
        kind: 'chat',
        messages: renderHole(prompt),
        stop: holeStop,
        cleaner: () => createHoleCleaner(prompt),
      };
  }
}
