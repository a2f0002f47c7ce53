import { isAbsolute, join } from 'node:path';
import type { Supplies } from '../source.js';

type Person = Pick<Supplies, 'home' | 'env'>;

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
