import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repositoryRoot.js';

/** Where getRunners.sh puts real runners, formatters and linters; it is run first, and keeps what is there. */
export function runnersFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = process.env['UNDERSTUDY_RUNNERS'] ?? join(cache, 'understudy-tests', 'runners');
  const script = join(repositoryRoot, 'test', 'tools', 'getRunners.sh');
  const { status, stderr } = spawnSync(script, [folder], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`);
  return folder;
}
