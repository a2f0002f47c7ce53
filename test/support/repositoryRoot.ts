import { fileURLToPath } from 'node:url';

/** Without a separator at the end. Tests run from out/, which has the shape of the repository. */
export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');
