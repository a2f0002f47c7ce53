import { isRefusal } from '../../sandbox/sandbox.js';
import { createSandbox } from '../../sandbox/createSandbox.js';
import { findPyright } from '../../validate/python/findPyright.js';
import { loadSettings } from '../settings.js';
import { trustOf } from '../trust.js';
import { well, type Check } from './check.js';

/** Nothing depends on it: without it the message says what is not checked. */
export const pyrightIsThere: Check = {
  id: 'pyright',
  async run({ host, folder }) {
    const isTrusted = trustOf(host, (await loadSettings(host, folder)).settings).isTrusted(folder);
    const own = new URL(import.meta.url);
    const found = findPyright({ path: host.env['PATH'], own, workspace: folder, isTrusted });
    return well(
      found === null
        ? 'pyright is not installed: invented members and parameters in Python are not found (npm install -g pyright).'
        : 'pyright is there: members and parameters in Python are checked.',
    );
  },
};

export const testsCanRun: Check = {
  id: 'sandbox',
  async run({ host, folder }) {
    const sandbox = createSandbox({ leaveOut: () => true, env: host.env, workspace: folder });
    const probed = await sandbox.probe(host.signal);
    return well(
      isRefusal(probed)
        ? `Tests cannot be run in a sandbox here, so they are not run. ${probed.why} ${probed.remedy ?? ''}`.trimEnd()
        : `Tests of trusted folders run in a sandbox (${probed}).`,
    );
  },
};
