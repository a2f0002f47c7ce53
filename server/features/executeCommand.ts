import { Failure } from '../base/failure.js';
import { isRecord, type UnknownRecord } from '../base/record.js';
import type { Feature } from '../lsp/feature.js';
import { readRecord, readString } from '../lsp/read.js';
import { commandNames } from './commandNames.js';

/** workspace/executeCommand: every command is listed, since Neovim and LSP4IJ send no others. */
export const executeCommand: Feature = {
  id: 'executeCommand',
  capabilities: () => ({ executeCommandProvider: { commands: [...commandNames] } }),
  register(_session, handlers) {
    handlers.request({
      method: 'workspace/executeCommand',
      empty: null,
      tellsFailures: true,
      read: params => ({ name: readString(readRecord(params), 'command'), args: argumentsOf(readRecord(params)) }),
      async handle({ name, args }, call) {
        const run = handlers.commands.get(name);
        if (run === undefined) throw new Failure('not-found', `There is no command ${name.slice(0, 80)}.`);
        return (await run(args, call)) ?? null;
      },
    });
  },
};

/** One object, or nothing at all: Helix sends plain words, others leave the list out. */
function argumentsOf(params: UnknownRecord): UnknownRecord {
  const list = params['arguments'];
  const first: unknown = Array.isArray(list) ? list[0] : list;
  return isRecord(first) ? first : {};
}
