import { findSecurityDangers } from '../security/securityRule.js';
import type { CodeRuleSet } from './codeMessages.js';
import type { CodeRule } from './codeRule.js';
import { findSyntaxErrors } from './syntaxErrors.js';

/** All that is looked for in one pass over one tree, for each who asks. To add one is a file and a line. */
export const codeRules: Readonly<Record<CodeRuleSet, readonly CodeRule[]>> = {
  syntax: [findSyntaxErrors],
  security: [findSecurityDangers],
};
