import { Failure } from '../base/failure.js';
import { createAudit } from '../trust/audit.js';
import { createJournal } from '../trust/journal/createJournal.js';
import { exitCodes, type Command } from './command.js';
import { formatCounted } from './quantities.js';
import { loadSettings } from './settings.js';
import { stateRootOf } from './withModels.js';
import { stderrLog } from './stderrLog.js';
import { showControls } from './terminal.js';

export const undoCommand: Command = {
  name: 'undo',
  usage: '',
  summary: 'takes back the last edit that was applied to files of a folder, all of it',
  description: `
Each call takes back one more, up to fifty. Nothing is taken back where one of the files has changed since: it says which, and what to do.
What files held before is kept in your own state folder.`,
  options: {},
  positionals: [0, 0],
  async run(invocation) {
    const { host } = invocation;
    const folder = invocation.folder();
    const { settings } = await loadSettings(host, folder);
    const stateRoot = stateRootOf(host);
    const journal = createJournal({
      stateRoot,
      audit: createAudit({ stateRoot, now: Date.now, log: stderrLog(host, settings) }),
    });
    for (const trouble of await journal.recover(host.signal)) host.stderr.write(`${trouble}\n`);
    try {
      const { files, task, at } = await journal.undo(folder, null, host.signal);
      const when = new Date(at).toLocaleString('en-GB');
      return {
        exit: exitCodes.done,
        json: { files, task, at },
        text: paint =>
          `${files.map(path => `${paint.dim(showControls(path))}\n`).join('')}Took back ${task} of ${when}: ${formatCounted(files.length, 'file')}.\n`,
      };
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
      return { exit: exitCodes.nothing, json: { files: [] }, text: () => `${error.message}\n` };
    }
  },
};
