import { blank } from './blank.js';
import type { Filter } from './filter.js';
import { indentation } from './indentation.js';
import { lineRight } from './lineRight.js';
import { linesBelow } from './linesBelow.js';
import { repeats } from './repeats.js';
import { secrets } from './secrets.js';

/** In this order: what changes the spelling first, then what cuts, blanks last. */
export const filters: readonly Filter[] = [indentation, secrets, repeats, linesBelow, lineRight, blank];
