import type { GrammarFolders } from '../../grammars/parse.js';

/** The committed grammars and queries, as seen from out/test/support. */
export const grammarFolders: GrammarFolders = {
  wasmFolder: new URL('../../../grammars/wasm/', import.meta.url),
  queryFolder: new URL('../../../grammars/queries/', import.meta.url),
};
