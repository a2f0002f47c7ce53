import { join } from 'node:path';
import { Failure } from '../base/failure.js';
import type { SearchHit } from '../../index/codeIndex.js';
import type { Feature } from '../lsp/feature.js';

const defaultLimit = 20;
const longestLimit = 200;
/** How long a model may take to read the query, where one has made vectors. */
const patienceMs = 1000;

/** understudy.search {query, limit?}: what `search --json` prints. */
export const searching: Feature = {
  id: 'searching',
  register(session, handlers) {
    handlers.command('understudy.search', async (args, call) => {
      const { query, limit = defaultLimit } = args;
      if (typeof query !== 'string' || query.trim() === '') throw new Failure('bad-input', 'query must be a text.');
      if (typeof limit !== 'number' || !(limit >= 1)) throw new Failure('bad-input', 'limit must be a number from 1.');
      const core = await session.core();
      const bounded = Math.min(Math.trunc(limit), longestLimit);
      return { results: (await core.search(query, { limit: bounded, patienceMs }, call.signal)).map(searchResult) };
    });
  },
};

export interface SearchResult {
  readonly path: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly kind: string;
  readonly name: string;
  readonly score: number;
  readonly text: string;
}

/** One hit as the contract writes it: an absolute path and an LSP range. */
export function searchResult(hit: SearchHit): SearchResult {
  const { span } = hit;
  return {
    path: join(hit.folder, hit.path),
    range: {
      start: { line: span.startLine, character: span.startColumn },
      end: { line: span.endLine, character: span.endColumn },
    },
    kind: hit.kind,
    name: hit.name,
    score: hit.score,
    text: hit.text,
  };
}
