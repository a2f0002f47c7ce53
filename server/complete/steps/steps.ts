import type { Step } from '../attempt.js';
import { filterStep } from './applyFilters.js';
import { beyondPopup } from './beyondPopup.js';
import { checkStep } from './checkStep.js';
import { dangerStep } from './dangerStep.js';
import { enabled } from './enabled.js';
import { groundStep } from './groundStep.js';
import { modelStep } from './modelStep.js';
import { placeStep } from './placeStep.js';
import { recallStep } from './recallStep.js';
import { typingForward } from './typingForward.js';
import { worthReading } from './worthReading.js';

/** Whether anything is to be said here at all. What the steps say of one request can be read in the trace by their names. */
export const opening: readonly Step[] = [enabled, typingForward, placeStep];
/** What the person's own code says, at once. */
export const recalling: readonly Step[] = [recallStep];
/** What a model adds, where that is not sure. */
export const modelling: readonly Step[] = [modelStep];
/** What a candidate of either has to pass. */
export const finishing: readonly Step[] = [filterStep, checkStep, groundStep, dangerStep, worthReading, beyondPopup];
