import { blank } from './blank.js';
import { diffMarkers } from './diffMarkers.js';
import { emptyComments } from './emptyComments.js';
import { fences } from './fences.js';
import { fileHeaders } from './fileHeaders.js';
import type { Filter } from './filter.js';
import { indentation } from './indentation.js';
import { invisible } from './invisible.js';
import { lineRight } from './lineRight.js';
import { linesBelow } from './linesBelow.js';
import { longLines } from './longLines.js';
import { modelIndentation } from './modelIndentation.js';
import { placeholders } from './placeholders.js';
import { prose } from './prose.js';
import { relativeIndentation } from './relativeIndentation.js';
import { repeats } from './repeats.js';
import { repetition } from './repetition.js';
import { restart } from './restart.js';
import { secrets } from './secrets.js';
import { stopTokens } from './stopTokens.js';
import { suffixEcho } from './suffixEcho.js';

/** In this order: what changes the spelling first, then what cuts, blanks last. */
export const filters: readonly Filter[] = [indentation, secrets, repeats, linesBelow, lineRight, blank];

/**
 * For text that a model wrote, in the place of those above: first what is no code at all, then what stands there already,
 * then as above.
 */
export const modelFilters: readonly Filter[] = [
  invisible,
  stopTokens,
  fences,
  prose,
  diffMarkers,
  fileHeaders,
  restart,
  placeholders,
  emptyComments,
  relativeIndentation,
  modelIndentation,
  indentation,
  secrets,
  repetition,
  repeats,
  suffixEcho,
  linesBelow,
  lineRight,
  longLines,
  blank,
];
