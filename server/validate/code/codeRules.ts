import type { CodeRule } from './codeRule.js';
import { findSyntaxErrors } from './syntaxErrors.js';

/** All that is looked for in one pass over one tree. To add one is a file and a line. */
export const codeRules: readonly CodeRule[] = [findSyntaxErrors];
