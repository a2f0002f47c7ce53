import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';
import { Failure } from './failure.js';

/**
 * The person's home, always absolute. A HOME that is empty or relative is not taken for one: from the current folder it would be
 * the workspace's, which has no say. Raises a Failure where the system does not know it either.
 */
export function homeFolder(said: string = homedir(), homeOfUser: () => string = () => userInfo().homedir): string {
  if (isAbsolute(said)) return said;
  const known = homeOfUser();
  if (isAbsolute(known)) return known;
  throw new Failure('bad-input', 'There is no home folder.', { remedy: 'Set HOME to an absolute path.' });
}
