import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { platformFolders } from '../base/platformFolders.js';
import type { Settings } from '../config/schema.js';
import { createTrust } from '../trust/createTrust.js';
import type { TrustState, TrustStore } from '../trust/trust.js';
import { exitCodes, type Command, type CommandHost, type Invocation, type Paint } from './command.js';
import { existingFolder, UsageError } from './parseCommandLine.js';
import { loadSettings } from './settings.js';

export const trustCommand: Command = {
  name: 'trust',
  usage: '[FOLDER]',
  summary: "lets a folder's own tools run: formatters, linters, tests; --revoke takes it back",
  description: `
Without it, nothing that lies in a folder is run, loaded or followed as instructions. All folders inside it are trusted too.
It stands in your own settings folder, by real path; no file of a workspace can say it. Servers that run see it at once.`,
  options: {
    revoke: { type: 'boolean', help: 'Never trust it: also inside a trusted folder, and whatever an editor says.' },
  },
  positionals: [0, 1],
  async run(invocation) {
    const { host } = invocation;
    const revoke = invocation.flag('revoke');
    const folder = folderOf(invocation, revoke);
    const { settings } = revoke ? { settings: null } : await loadSettings(host, folder);
    const state = await trustOf(host, settings).set(folder, !revoke, host.signal);
    return {
      exit: state.trusted === !revoke ? exitCodes.done : exitCodes.nothing,
      json: { folder: state.folder, trusted: state.trusted },
      text: paint => `${describeTrust(state, paint)}\n`,
    };
  },
};

/** The person's store, as the settings of a folder have it. */
export function trustOf(host: CommandHost, settings: Settings | null): TrustStore {
  const said = settings?.trust.workspaces ?? 'store';
  return createTrust({ configFolder: platformFolders(host.env).config, said: () => said });
}

export function describeTrust({ folder, trusted, why }: TrustState, paint: Paint): string {
  return trusted
    ? `${folder} is ${paint.green('trusted')}: its formatter, linter and tests may run, and its instructions for models are followed. ${why}`
    : `${folder} is ${paint.yellow('not trusted')}: nothing in it is run or followed. ${why}`;
}

/** What was removed can be revoked too. */
function folderOf(invocation: Invocation, revoke: boolean): string {
  const [asked] = invocation.positionals;
  if (asked === undefined) return invocation.folder();
  if (invocation.option('folder') !== null) throw new UsageError('FOLDER and --folder exclude one another.');
  return revoke ? resolve(invocation.host.cwd, asked) : realpathSync(existingFolder(asked, invocation.host.cwd));
}
