import { isAbsolute, join } from 'node:path';
import { homeFolder } from './homeFolder.js';

export interface PlatformFolders {
  /** Settings that the person writes. */
  readonly config: string;
  /** What can be deleted at any time. */
  readonly cache: string;
  /** What was learnt and cannot be rebuilt. */
  readonly state: string;
}

/** Where this platform wants them, each with `understudy` at its end. XDG variables win everywhere. */
export function platformFolders(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homeFolder(),
): PlatformFolders {
  const of = (variable: string, ...fallback: readonly string[]): string => {
    const set = environment[variable];
    return set !== undefined && isAbsolute(set) ? set : join(...fallback);
  };
  const local = of('LOCALAPPDATA', home, 'AppData', 'Local');
  const library = join(home, 'Library');
  const bases =
    platform === 'win32'
      ? { config: of('APPDATA', home, 'AppData', 'Roaming'), cache: join(local, 'Cache'), state: join(local, 'State') }
      : platform === 'darwin'
        ? {
            config: of('XDG_CONFIG_HOME', library, 'Application Support'),
            cache: of('XDG_CACHE_HOME', library, 'Caches'),
            state: of('XDG_STATE_HOME', library, 'Application Support', 'State'),
          }
        : {
            config: of('XDG_CONFIG_HOME', home, '.config'),
            cache: of('XDG_CACHE_HOME', home, '.cache'),
            state: of('XDG_STATE_HOME', home, '.local', 'state'),
          };
  return {
    config: join(bases.config, 'understudy'),
    cache: join(bases.cache, 'understudy'),
    state: join(bases.state, 'understudy'),
  };
}
