import type { Attempt, Parts } from './attempt.js';
import { nothing } from './answerOnce.js';
import type { Candidate } from './candidate.js';
import type { CompletionAnswer } from './completer.js';
import { steps } from './steps/steps.js';

type Timings = CompletionAnswer['steps'];

export type Run =
  | { readonly attempt: Attempt; readonly candidate: Candidate; readonly timings: Timings }
  | { readonly attempt: null; readonly answer: CompletionAnswer };

/** Leads an attempt through all steps, or to the one where it ends, and keeps the time of each. */
export async function runSteps(first: Attempt, parts: Parts, signal: AbortSignal): Promise<Run> {
  const timings: { name: string; ms: number }[] = [];
  let attempt = first;
  for (const step of steps) {
    const startedAt = parts.now();
    const pending = step.run(attempt, parts, signal);
    // What is done at once is handed on at once: a keystroke waits for no turn of the loop without need.
    const result = pending instanceof Promise ? await pending : pending;
    timings.push({ name: step.name, ms: parts.now() - startedAt });
    if (signal.aborted) return { attempt: null, answer: nothing('superseded', timings) };
    if ('ended' in result) return { attempt: null, answer: nothing(result.ended, timings) };
    attempt = result;
  }
  if (attempt.unchecked) timings.push({ name: 'unchecked', ms: 0 });
  const { candidate } = attempt;
  if (candidate === null) return { attempt: null, answer: nothing('unsure', timings) };
  return { attempt, candidate, timings };
}
