import type { FillInWay } from '../backend.js';

/** What a backend's `fim` says, which goes over what is probed. It has been checked with `isFillInForm`. */
export function wayOfSetting(fim: string | null): FillInWay | null {
  switch (fim) {
    case null:
      return null;
    case 'suffix':
    case 'continue':
    case 'chat':
      return { way: fim };
    default:
      return { way: 'template', family: fim };
  }
}
