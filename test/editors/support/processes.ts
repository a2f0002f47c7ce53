import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until.js';

const markName = 'UNDERSTUDY_TEST_MARK';

/** An environment that marks every process started under an editor, so that those left behind can be found. */
export function markedEnvironment(mark: string): Readonly<Record<string, string>> {
  return { [markName]: mark };
}

/** Waits until no process with this mark lives; names those that stay. Linux only, as the editor tests are. */
export async function expectNoneLeft(mark: string): Promise<void> {
  let left: readonly string[] = [];
  try {
    await until('all its processes have ended', () => (left = findMarked(mark)).length === 0, 10_000);
  } catch {
    throw new Error(`Still running after the editor has ended:\n${left.join('\n')}`);
  }
}

function findMarked(mark: string): readonly string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        if (!environment.includes(`${markName}=${mark}`)) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`];
      } catch {
        return []; // It ended meanwhile, or is another user's.
      }
    });
}
