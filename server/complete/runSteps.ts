import type { Attempt, Parts, StepResult } from './attempt.js';
import { nothing } from './answerOnce.js';
import type { Candidate } from './candidate.js';
import type { CompletionAnswer, ReasonCode } from './completer.js';
import { finishing, opening, recalling, modelling } from './steps/steps.js';
import type { Step } from './attempt.js';

type Timings = CompletionAnswer['steps'];

export type Run =
  | { readonly attempt: Attempt; readonly candidate: Candidate; readonly timings: Timings }
  | { readonly attempt: null; readonly answer: CompletionAnswer };

/**
 * Leads an attempt through the steps: what recall is sure of is the answer, and otherwise what a model adds. Keeps the time
 * of each step.
 */
export async function runSteps(first: Attempt, parts: Parts, signal: AbortSignal): Promise<Run> {
  const timings: { name: string; ms: number }[] = [];
  const opened = await through(opening, first);
  if ('ended' in opened) return end(opened.ended);
  const recalled = await through([...recalling, ...finishing], opened);
  if (!('ended' in recalled)) return done(recalled);
  if (!leavesRoom.has(recalled.ended) || opened.open.fillIns === null || !opened.settings.models)
    return end(recalled.ended);
  const asked = await through(modelling, opened);
  if ('ended' in asked) return end(asked.ended);
  let ended: ReasonCode = 'unsure';
  let best: Attempt | null = null;
  for (const candidate of [asked.candidate, ...asked.others]) {
    // What comes next is no likelier than what is there.
    if (candidate === null || (best?.candidate?.confidence ?? 0) >= candidate.confidence) continue;
    const finished = await through(finishing, { ...asked, candidate, others: [] });
    if (signal.aborted) return end('superseded');
    if ('ended' in finished) ended = best === null ? finished.ended : ended;
    else if ((finished.candidate?.confidence ?? 0) > (best?.candidate?.confidence ?? 0)) best = finished;
  }
  return best === null ? end(ended) : done(best);

  async function through(steps: readonly Step[], from: Attempt): Promise<StepResult> {
    let attempt = from;
    for (const step of steps) {
      const startedAt = parts.now();
      const pending = step.run(attempt, parts, signal);
      // What is done at once is handed on at once: a keystroke waits for no turn of the loop without need.
      const result = pending instanceof Promise ? await pending : pending;
      timings.push({ name: step.name, ms: parts.now() - startedAt });
      if (signal.aborted) return { ended: 'superseded' };
      if ('ended' in result) return result;
      attempt = result;
    }
    return attempt;
  }

  function done(attempt: Attempt): Run {
    if (attempt.unchecked) timings.push({ name: 'unchecked', ms: 0 });
    const { candidate } = attempt;
    return candidate === null ? end('unsure') : { attempt, candidate, timings };
  }

  function end(reason: ReasonCode): Run {
    return { attempt: null, answer: nothing(reason, timings) };
  }
}

/** Where recall has nothing to offer for these reasons, a model may have. */
const leavesRoom: ReadonlySet<ReasonCode> = new Set(['unsure', 'indexing', 'filtered']);
