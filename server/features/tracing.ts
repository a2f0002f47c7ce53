import type { UnknownRecord } from '../base/record.js';
import { isRecord } from '../base/record.js';
import type { Feature } from '../lsp/feature.js';
import type { TraceEntry } from '../lsp/traceBook.js';

const mostEntries = 200;

/** `understudy/trace` and its command: the last requests, newest first. No code text. */
export const tracing: Feature = {
  id: 'tracing',
  register(session, handlers) {
    const report = (params: UnknownRecord): { readonly requests: readonly TraceEntry[] } => {
      const { limit } = params;
      return { requests: session.trace.last(typeof limit === 'number' && limit >= 1 ? limit : mostEntries) };
    };
    handlers.request({
      method: 'understudy/trace',
      empty: { requests: [] },
      read: params => (isRecord(params) ? params : {}),
      handle: report,
    });
    handlers.command('understudy.trace', report);
  },
};
