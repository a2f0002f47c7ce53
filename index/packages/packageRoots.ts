import { isAbsolute, join } from 'node:path';

/** Whose machine it is. */
export interface Person {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Folders outside of any workspace that installed packages may be read from: where the person's own tools keep them. */
export function packageRoots(person: Person): readonly string[] {
  const active = virtualEnvironment(person);
  return [goModuleCache(person), cargoSources(person), mavenRepository(person), ...(active === null ? [] : [active])];
}

export function goModuleCache({ env, home }: Person): string {
  const path = (env['GOPATH'] ?? '').split(process.platform === 'win32' ? ';' : ':')[0] ?? '';
  return absolute(env['GOMODCACHE']) ?? join(absolute(path) ?? join(home, 'go'), 'pkg', 'mod');
}

export function cargoSources({ env, home }: Person): string {
  return join(absolute(env['CARGO_HOME']) ?? join(home, '.cargo'), 'registry', 'src');
}

export function mavenRepository({ home }: Person): string {
  return join(home, '.m2', 'repository');
}

export function virtualEnvironment({ env }: Person): string | null {
  return absolute(env['VIRTUAL_ENV']);
}

function absolute(path: string | undefined): string | null {
  return path !== undefined && path !== '' && isAbsolute(path) ? path : null;
}
