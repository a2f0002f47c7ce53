import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const NOBODY = 65534;

/** Runs a script of this folder; where the tests run as root, as a user who may read little. Resolves to what it prints. */
export function spawnAsNobody(script: string, args: readonly string[]): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  const path = fileURLToPath(new URL(script, import.meta.url));
  return new Promise((resolve, reject) => {
    const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    execFile(process.execPath, [path, ...args], { ...identity, timeout: 30_000 }, (error, output) => {
      if (error === null) resolve(output);
      else reject(error);
    });
  });
}
