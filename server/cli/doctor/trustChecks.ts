import { createPaint } from '../paint.js';
import { loadSettings } from '../settings.js';
import { describeTrust, trustOf } from '../trust.js';
import { unwell, well, type Check } from './check.js';

export const trustIsSound: Check = {
  id: 'trust',
  async run({ host, folder }) {
    const trust = trustOf(host, (await loadSettings(host, folder)).settings);
    const problems = trust.notices();
    if (problems.length > 0) return unwell(problems.join(' '), 'Until then nothing of any folder is run.');
    return well(describeTrust(trust.stateOf(folder), createPaint({ write: () => true }, {})));
  },
};
