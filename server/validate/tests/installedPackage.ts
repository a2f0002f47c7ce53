import { dirname, join } from 'node:path';
import { field, parseJson, textOf } from './json.js';
import type { Overlay } from '../stateFiles.js';
import { readText } from './detectRunner.js';
import type { InstalledPackage } from './runner.js';

const onDisk: Overlay = new Map();

/** A package of node_modules as it is found from a folder upwards, read as data. */
export async function findPackage(root: string, name: string): Promise<InstalledPackage | null> {
  for (let at = root; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', ...name.split('/'));
    const manifest = parseJson((await readText(join(folder, 'package.json'), onDisk)) ?? undefined);
    if (manifest !== null) {
      return {
        folder,
        version: textOf(field(manifest, 'version')) ?? '0',
        bin(program) {
          const bin = textOf(field(manifest, 'bin')) ?? textOf(field(manifest, 'bin', program));
          // A manifest may name any path.
          return bin === null || bin.split(/[\\/]/).includes('..') ? null : join(folder, bin);
        },
      };
    }
    if (at === dirname(at)) return null;
  }
}
