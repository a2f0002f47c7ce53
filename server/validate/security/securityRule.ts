import { plainTree } from '../../../grammars/plainTree.js';
import type { CodeRule } from '../code/codeRule.js';
import { findDangers } from './findDangers.js';

/** All families of security findings, for the thread that holds the trees. */
export const findSecurityDangers: CodeRule = ({ file, grammar, tree }) => {
  const { root } = plainTree(tree, file.text);
  return findDangers(root, file.text, grammar.name).map(danger => ({ ...danger, path: file.path }));
};
