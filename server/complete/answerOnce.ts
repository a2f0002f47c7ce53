import type { CompletionAnswer, ReasonCode } from './completer.js';

export interface Flight {
  readonly answer: Promise<CompletionAnswer>;
  /** Answers it now, empty; nothing happens when it was answered already. */
  supersede(): void;
}

/** Each request is answered once: by its work, by a newer request, or by its cancellation, whichever comes first. */
export function answerOnce(work: (signal: AbortSignal) => Promise<CompletionAnswer>, signal: AbortSignal): Flight {
  const ending = new AbortController();
  let settle: (answer: CompletionAnswer) => void = () => {};
  const ended = new Promise<CompletionAnswer>(resolve => (settle = resolve));
  const end = (reason: ReasonCode): void => {
    settle(nothing(reason));
    ending.abort();
  };
  signal.addEventListener('abort', () => end('cancelled'), { once: true, signal: ending.signal });
  if (signal.aborted) end('cancelled');
  // What the work still says once the request was answered, even a failure, concerns nobody.
  const answer = Promise.race([ended, work(ending.signal)]).finally(() => ending.abort());
  return { answer, supersede: () => end('superseded') };
}

export function nothing(reason: ReasonCode, steps: CompletionAnswer['steps'] = []): CompletionAnswer {
  return { items: [], reason, steps };
}
