import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { isInside } from '../../base/paths.js';

/** Whose machine it is: what says where toolchains and packages lie. */
export interface Machine {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where the program `name` really lies, for the files beside it; never one of the workspace. It is not run. */
export function programPath(name: string, machine: Machine, workspace: string | null): string | null {
  for (const folder of (machine.env['PATH'] ?? '').split(delimiter)) {
    if (folder === '' || !isAbsolute(folder)) continue;
    try {
      const found = realpathSync(join(folder, name));
      if (workspace === null || !isInside(workspace, found)) return found;
    } catch {
      // Not in this one.
    }
  }
  return null;
}

/** The folder of Go's own sources; null where there is none. */
export function goRoot(machine: Machine, workspace: string | null): string | null {
  const program = programPath('go', machine, workspace);
  const likely = [
    machine.env['GOROOT'],
    program === null ? undefined : dirname(dirname(program)),
    '/usr/local/go',
    '/usr/lib/go',
    '/usr/lib/golang',
    '/opt/homebrew/opt/go/libexec',
    'C:\\Program Files\\Go',
  ];
  return firstWith(likely, join('src', 'fmt', 'print.go'));
}

/** The folder of a Java Development Kit; null where there is none. */
export function javaHome(machine: Machine, workspace: string | null): string | null {
  const program = programPath('javac', machine, workspace) ?? programPath('java', machine, workspace);
  const likely = [
    machine.env['JAVA_HOME'],
    program === null ? undefined : dirname(dirname(program)),
    ...inside('/usr/lib/jvm'),
    ...inside('/Library/Java/JavaVirtualMachines').map(folder => join(folder, 'Contents', 'Home')),
  ];
  return firstWith(likely, join('jmods', 'java.base.jmod'));
}

/** Sources of Rust's library, where the component rust-src is installed. */
export function rustLibrary(machine: Machine): string | null {
  const rustup = machine.env['RUSTUP_HOME'] ?? join(machine.home, '.rustup');
  const likely = inside(join(rustup, 'toolchains')).map(folder =>
    join(folder, 'lib', 'rustlib', 'src', 'rust', 'library'),
  );
  return firstWith([...likely, '/usr/lib/rustlib/src/rust/library'], join('std', 'src', 'lib.rs'));
}

function firstWith(folders: readonly (string | undefined)[], inner: string): string | null {
  return folders.find(folder => folder !== undefined && isAbsolute(folder) && existsSync(join(folder, inner))) ?? null;
}

function inside(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort()
      .reverse()
      .map(name => join(folder, name));
  } catch {
    return [];
  }
}
