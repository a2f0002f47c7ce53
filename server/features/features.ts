import type { Feature } from '../lsp/feature.js';
import { accepting } from './accepting.js';
import { completion } from './completion.js';
import { completionReady } from './completionReady.js';
import { confirming } from './confirming.js';
import { documentSync } from './documentSync.js';
import { executeCommand } from './executeCommand.js';
import { indexing } from './indexing.js';
import { inlineCompletion } from './inlineCompletion.js';
import { searching } from './searching.js';
import { status } from './status.js';
import { switching } from './switching.js';
import { tracing } from './tracing.js';
import { undoing } from './undoing.js';
import { workspaceChanges } from './workspaceChanges.js';

/** Every feature of the server. To add one is one file and one line. */
export const features: readonly Feature[] = [
  documentSync,
  workspaceChanges,
  indexing,
  inlineCompletion,
  completion,
  completionReady,
  accepting,
  switching,
  searching,
  status,
  tracing,
  undoing,
  confirming,
  executeCommand,
];
