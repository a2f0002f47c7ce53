import type { Log } from '../base/log.js';
import { createGate, type GateOptions } from './createGate.js';
import type { Gate } from './gate.js';
import { createUsers } from './users/createUsers.js';
import { createValidators, type ValidatorsOptions } from './validators.js';

export interface OpenGateOptions extends ValidatorsOptions, Pick<GateOptions, 'now' | 'deadlinesMs'> {
  readonly log: Log;
}

/** The gate with all its validators; each starts what it needs at its first question. */
export function openGate({ now, deadlinesMs, ...options }: OpenGateOptions): Gate {
  return createGate({
    validators: createValidators(options),
    users: createUsers(options),
    log: options.log,
    now,
    ...(deadlinesMs === undefined ? {} : { deadlinesMs }),
  });
}
