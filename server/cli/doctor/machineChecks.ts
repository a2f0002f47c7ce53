import { readFile } from 'node:fs/promises';
import { formatCount } from '../quantities.js';
import { scanWorkspace } from '../scanWorkspace.js';
import { loadSettings } from '../settings.js';
import { unwell, well, type Check } from './check.js';

const oldestNode = [20, 19] as const;

export const nodeIsNewEnough: Check = {
  id: 'node',
  run() {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const isEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
    const found = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;
    return Promise.resolve(
      isEnough
        ? well(`${found}.`)
        : unwell(`${found} is too old.`, `Install Node ${oldestNode.join('.')} or newer, from https://nodejs.org.`),
    );
  },
};

/** Linux gives each user so many watches; one is needed for each folder. */
export const enoughWatches: Check = {
  id: 'watches',
  async run({ host, folder }) {
    if (process.platform !== 'linux') return well('Watching files has no limit here.');
    const [watches, instances] = await Promise.all([readLimit('max_user_watches'), readLimit('max_user_instances')]);
    if (watches === null || instances === null) return well('The limits of watching files cannot be read.');
    const { folders } = scanWorkspace(folder, (await loadSettings(host, folder)).settings);
    // Other programs watch too: a third must do for us.
    if (folders.length * 3 > watches) {
      return unwell(
        `This folder has ${formatCount(folders.length)} folders to watch, and the system allows ${formatCount(watches)} watches for all your programs.`,
        'sudo sysctl fs.inotify.max_user_watches=524288, and the same line in /etc/sysctl.d/. Without it, changes by other programs are seen only every few minutes.',
      );
    }
    return instances < 32
      ? unwell(
          `The system allows only ${instances} watching programs.`,
          'sudo sysctl fs.inotify.max_user_instances=128',
        )
      : well(`${formatCount(folders.length)} folders to watch; the system allows ${formatCount(watches)}.`);
  },
};

async function readLimit(name: string): Promise<number | null> {
  try {
    return Number(await readFile(`/proc/sys/fs/inotify/${name}`, 'utf8'));
  } catch {
    return null;
  }
}
