import { defaultSettings } from '../../../../server/config/resolve.js';
import type { Workplace } from '../../../../server/validate/validator.js';

/** A workspace that nobody trusts, with everything as it is by default. */
export function workplaceAt(folder: string): Workplace {
  return { folder, isTrusted: false, index: null, gate: defaultSettings().gate };
}
