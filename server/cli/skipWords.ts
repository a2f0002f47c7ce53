import type { SkipReason } from '../../index/codeIndex.js';

/** Why files are passed over, for a person. */
export const skipWords: Readonly<Record<SkipReason, string>> = {
  excluded: 'excluded by settings, or secret by their name',
  ignored: 'named by .gitignore or .understudyignore, or made by tools',
  binary: 'binary',
  generated: 'generated',
  minified: 'minified',
  'too-large': 'larger than index.maxFileKb',
  unreadable: 'not readable',
  outside: 'behind links that lead outside, or in folders of the system',
  'not-text': 'not text',
};
