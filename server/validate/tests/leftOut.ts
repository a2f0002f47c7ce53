import { skipByPath } from '../../../index/exclusions.js';

/** What stays out of the copy that programs run on: the same secrets that stay out of the index, whatever the settings. */
export function isLeftOut(path: string, isFolder: boolean): boolean {
  return skipByPath(isFolder ? `${path}/.` : path) !== null;
}
