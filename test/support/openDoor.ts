import type { Gate } from '../../server/validate/gate.js';

/** Lets everything pass. */
export const openDoor: Gate = {
  judge: () => Promise.resolve(passed),
  examine: () => Promise.resolve(passed),
  notices: () => [],
  dispose: () => Promise.resolve(),
};

const passed = { valid: true, issues: [], feedback: '', checks: [] };
