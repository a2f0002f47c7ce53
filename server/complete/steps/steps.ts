import type { Step } from '../attempt.js';
import { filterStep } from './applyFilters.js';
import { beyondPopup } from './beyondPopup.js';
import { checkStep } from './checkStep.js';
import { enabled } from './enabled.js';
import { placeStep } from './placeStep.js';
import { recallStep } from './recallStep.js';
import { typingForward } from './typingForward.js';
import { worthReading } from './worthReading.js';

/** The inline pipeline, in order. What it says of one request can be read in the trace by these names. */
export const steps: readonly Step[] = [
  enabled,
  typingForward,
  placeStep,
  recallStep,
  filterStep,
  checkStep,
  worthReading,
  beyondPopup,
];
