/**
 * What the ranker sees of a candidate, in the order of a feature row.
 * Weights name the features they were learnt from; weights with other names, or another order, are refused.
 * "Share" is the part of all votes that a candidate has, -1 where nobody votes.
 */
export const featureNames = [
  // How the matches vote.
  'share',
  'logShare',
  'shareInDocument',
  'shareInWorkspace',
  'shareRenamed',
  'shareDeleted',
  'shareAgreeingAfter', // weighted by how far the source agrees with the text after the cursor
  'nGram', // Witten-Bell over the same matches, the workspace below, the document on top
  'isTop',
  'ratioToTop',
  'margin',
  'candidates',
  'votes',
  'allVotes',
  'files', // different files that vote for it
  // How good the matches are.
  'longestInDocument',
  'longestInWorkspace',
  'longestRenamed',
  'longest',
  'distance', // in the document, of the nearest match
  'freshness', // 0 deleted a moment ago, 1 changed in this session, 2 this document, 3 as indexed
  'sameFolder',
  'sameLanguage',
  'agreesAfter', // tokens, up to 4
  'shareSameIndent', // share of matches whose line is indented as the cursor's
  'shareSameRegion', // share of matches that stand, as the cursor does, in code, string or comment
  // The candidate itself.
  'class',
  'chars',
  'gap', // blanks before it: 0 none, 1 some, 2 does not matter (line start, newline)
  'bracket', // -1 opens, 1 closes, 2 closes what the line did not open
  'newline', // 1 ends the line, 2 while brackets of the line are open
  'scopeRank',
  'documentCount',
  'documentRecency',
  'newInDocument',
  'workspaceCount',
  'equalsAfter',
  'inLineAfter',
  'sameAbove', // the line above has it at the same place
  'sameTwoAbove',
  'repeated', // how often it was already predicted in this suggestion
  'followsSame', // whether the same token went before it elsewhere in the document
  // The place.
  'previousClass',
  'beforePreviousClass',
  'step',
  'column', // tokens left of it in its line
  'openBrackets',
  'typedChars',
  'typedBlanks', // 1 where blanks stand left of the cursor
  'region', // 0 code, 1 string, 2 comment
  'indentChange', // of the cursor's line against the line above, in columns
  'suffix', // 0 nothing right of the cursor, 1 only closing marks, 2 more
] as const;

export type FeatureName = (typeof featureNames)[number];

export const featureCount = featureNames.length;

/** The column of a feature by its name, for code that fills rows. */
export const columnOf = Object.fromEntries(featureNames.map((name, index) => [name, index])) as Readonly<
  Record<FeatureName, number>
>;
