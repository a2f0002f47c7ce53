import { checkCommand } from './check.js';
import { cleanCommand } from './clean.js';
import type { Command } from './command.js';
import { completeCommand } from './complete.js';
import { doctorCommand } from './doctor.js';
import { indexCommand } from './indexCommand.js';
import { ledgerCommand } from './ledger.js';
import { modelsCommand } from './models.js';
import { searchCommand } from './search.js';
import { statusCommand } from './status.js';
import { trustCommand } from './trust.js';
import { tryCommand } from './try.js';
import { undoCommand } from './undo.js';

/** In the order of the help. */
export const commands: readonly Command[] = [
  tryCommand,
  indexCommand,
  searchCommand,
  completeCommand,
  checkCommand,
  modelsCommand,
  ledgerCommand,
  trustCommand,
  undoCommand,
  statusCommand,
  doctorCommand,
  cleanCommand,
];
