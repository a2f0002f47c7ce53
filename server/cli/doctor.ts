import { exitCodes, type Command, type Paint } from './command.js';
import type { Check, Checked } from './doctor/check.js';
import { cacheIsPrivate, diskHasRoom, nobodyElseWrites, storeWorks } from './doctor/cacheChecks.js';
import { grammarsLoad, weightsLoad } from './doctor/engineChecks.js';
import { pyrightIsThere, testsCanRun } from './doctor/gateChecks.js';
import { enoughWatches, nodeIsNewEnough } from './doctor/machineChecks.js';
import { backendsAnswer, budgetHolds, modelCompletes, stateIsPrivate } from './doctor/modelChecks.js';
import { logIsWritable, settingsAreSound } from './doctor/settingsChecks.js';
import { trustIsSound } from './doctor/trustChecks.js';
import { describeProblem } from './problem.js';

const checks: readonly Check[] = [
  nodeIsNewEnough,
  settingsAreSound,
  trustIsSound,
  cacheIsPrivate,
  diskHasRoom,
  nobodyElseWrites,
  storeWorks,
  grammarsLoad,
  weightsLoad,
  enoughWatches,
  logIsWritable,
  stateIsPrivate,
  backendsAnswer,
  modelCompletes,
  budgetHolds,
  pyrightIsThere,
  testsCanRun,
];

export const doctorCommand: Command = {
  name: 'doctor',
  usage: '',
  summary: 'checks what Understudy needs, and says what to do where something is missing',
  description: `
Checks Node, the settings files, whom you trust, the cache folder, the store, the grammars, the weights, the limits of the system, the models, the budget and the tools of the gate.
A model of this machine that completes is asked a short question, to see how long it takes.`,
  options: {},
  positionals: [0, 0],
  async run(invocation) {
    const { host } = invocation;
    const folder = invocation.folder();
    const checked: (Checked & { readonly id: string })[] = [];
    for (const check of checks) {
      host.signal.throwIfAborted();
      checked.push({ id: check.id, ...(await runCheck(check, { host, folder })) });
    }
    const isWell = checked.every(({ ok }) => ok);
    return {
      exit: isWell ? exitCodes.done : exitCodes.nothing,
      json: { checks: checked.map(({ id, ok, message, remedy }) => ({ id, ok, message, remedy })) },
      text: paint => checked.map(one => describe(one, paint)).join(''),
    };
  },
};

/** A check that fails in a way it did not expect is a finding too. */
async function runCheck(check: Check, place: Parameters<Check['run']>[0]): Promise<Checked> {
  try {
    return await check.run(place);
  } catch (error) {
    const { message, remedy } = describeProblem(error);
    return { ok: false, message, remedy };
  }
}

function describe({ ok, message, remedy }: Checked, paint: Paint): string {
  const sign = ok ? paint.green('✓') : paint.red('✗');
  return `${sign} ${message}\n${remedy === null ? '' : `  ${paint.yellow(remedy)}\n`}`;
}
