import { defaultSettings } from '../../../../server/config/resolve.js';
import type { Workplace } from '../../../../server/validate/validator.js';

/** No workspace, nothing trusted, the settings as they come. */
export const anywhere: Workplace = { folder: null, isTrusted: false, index: null, gate: defaultSettings().gate };
