import type { LogCallback } from 'web-tree-sitter';

/**
 * How far a parse got before the first error that matters, read from the parser's own log.
 *
 * An LR parser has the viable prefix property: it reports an error at the first token that no valid program could have
 * there, whatever follows. So of a text that ends with a suggestion, the end of the last token shifted without error is
 * where the suggestion stops being code that can be gone on with. Of the parallel versions of a generalised LR parser
 * the one that got furthest counts; only `resume` in the log says that all of them have failed.
 */
export interface ViabilityProbe {
  readonly log: LogCallback;
  result(): Viability;
}

export interface Viability {
  /** End of the last token before the first error at or after `from`; the text's length where there is none. */
  readonly offset: number;
  /** The parser was still recovering from an earlier error at `from`, so that nothing can be said. */
  readonly unclear: boolean;
}

/** `from` is where judging begins: what is in error before it is not the suggestion's fault. */
export function createViabilityProbe(text: string, from: number): ViabilityProbe {
  const lines = newlineStarts(text);
  let at = 0;
  let lookaheadEnd = -1;
  let begun = false;
  let recovering = false;
  let unclear = false;
  let failedAt: number | null = null;
  let paused: { offset: number; lookaheadEnd: number } | null = null;

  const onProcess = (message: string): void => {
    const point = process.exec(message);
    if (point === null) return;
    const [, versions, state, row, column] = point;
    at = (lines[Number(row)] ?? text.length) + Number(column) / 2;
    lookaheadEnd = -1;
    if (begun || at < from) return;
    begun = true;
    unclear = recovering && (state === '0' || versions !== '1');
  };

  return {
    log: (message, isLex) => {
      if (isLex || failedAt !== null) return;
      if (message.startsWith('process ')) onProcess(message);
      else if (message.startsWith('lexed_lookahead ')) {
        lookaheadEnd = at + Number(message.slice(message.lastIndexOf(':') + 1)) / 2;
      } else if (message.startsWith('detect_error ')) {
        if (paused === null || at > paused.offset) paused = { offset: at, lookaheadEnd };
      } else if (message.startsWith('resume ') && paused !== null) {
        if (paused.offset >= from || paused.lookaheadEnd > from) failedAt = paused.offset;
        else recovering = true;
        paused = null;
      }
    },
    result: () => ({ offset: failedAt ?? text.length, unclear }),
  };
}

const process = /^process version:\d+, version_count:(\d+), state:(\d+), row:(\d+), col:(\d+)/;

/** The parser counts lines by \n alone. */
function newlineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
