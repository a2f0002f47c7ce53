import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TestWorkspace {
  readonly folder: string;
  write(path: string, text: string | Uint8Array): string;
  remove(path: string): void;
  path(path: string): string;
  dispose(): void;
}

/** A temporary folder with these files. */
export function createWorkspace(files: Readonly<Record<string, string>> = {}): TestWorkspace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-index-')));
  const workspace: TestWorkspace = {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      return join(folder, path);
    },
    remove: path => rmSync(join(folder, path), { recursive: true, force: true }),
    path: path => join(folder, path),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
  for (const [path, text] of Object.entries(files)) workspace.write(path, text);
  return workspace;
}
