import { Failure } from '../base/failure.js';
import type { FileChange, Judgement } from '../validate/gate.js';
import { severities } from '../validate/validator.js';
import { cutBack, type CutOff } from './cutBack.js';

export interface RefineOptions {
  /**
   * Makes a change; `feedback` is what the gate says of the best one so far, or null at first. Null where nothing could be made of
   * the answer. A Failure, such as of a budget that is reached, ends the loop with what there is.
   */
  readonly attempt: (feedback: string | null, signal: AbortSignal) => Promise<readonly FileChange[] | null>;
  readonly judge: (change: readonly FileChange[], signal: AbortSignal) => Promise<Judgement>;
  /** How often findings go back; twice where absent. */
  readonly mostRounds?: number;
  /** After so long nothing is tried again. */
  readonly deadlineMs: number;
  readonly now: () => number;
}

export interface Refined {
  /**
   * `passed`: nothing is wrong with it. `warned`: what is wrong is shown beside it. `cut`: without the parts that would have been
   * refused. `refused`: nothing of it may be shown.
   */
  readonly outcome: 'passed' | 'warned' | 'cut' | 'refused';
  /** What may be shown; empty where it is refused. */
  readonly change: readonly FileChange[];
  /** Of `change`; where it is refused, of the best attempt. Null where no attempt came to a change. */
  readonly judgement: Judgement | null;
  /** What was cut off, with what spoke against it. */
  readonly cutOff: readonly CutOff[];
  /** How often somebody was asked, and how each fared: the issues that would have been refused, worst first. */
  readonly attempts: readonly { readonly refused: readonly string[]; readonly isKept: boolean }[];
  /** Why it stopped before it was right, for a person; the empty string else. */
  readonly why: string;
}

interface Tried {
  readonly change: readonly FileChange[];
  readonly judgement: Judgement;
}

/**
 * Asks until the gate passes what comes, at most `mostRounds` times more; an attempt that is worse than the best before is
 * dropped. What still fails is cut back to the parts that pass, or refused.
 */
export async function refine(options: RefineOptions, signal: AbortSignal): Promise<Refined> {
  const { attempt, judge, mostRounds = 2, deadlineMs, now } = options;
  const startedMs = now();
  const attempts: { refused: readonly string[]; isKept: boolean }[] = [];
  let best: Tried | null = null;
  let why = '';
  for (let round = 0; round <= mostRounds; round++) {
    if (round > 0 && now() - startedMs >= deadlineMs) {
      why = `Not mended within ${Math.round(deadlineMs / 1000)} s.`;
      break;
    }
    let change: readonly FileChange[] | null;
    try {
      change = await attempt(best === null ? null : best.judgement.feedback, signal);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      why = [error.message, error.remedy].filter(Boolean).join(' ');
      break;
    }
    signal.throwIfAborted();
    if (change === null) {
      why = 'Nothing could be made of the answer.';
      continue;
    }
    const judgement = await judge(change, signal);
    const isKept = best === null || weightOf(judgement) < weightOf(best.judgement);
    attempts.push({ refused: refusedIn(judgement), isKept });
    if (isKept) best = { change, judgement };
    if (judgement.valid) return { ...shown({ change, judgement }), cutOff: [], attempts, why: '' };
    why = `Still wrong after ${attempts.length === 1 ? 'one attempt' : `${attempts.length} attempts`}.`;
  }
  return best === null
    ? { outcome: 'refused', change: [], judgement: null, cutOff: [], attempts, why }
    : { ...(await rest(best, judge, signal)), attempts, why };
}

function shown({ change, judgement }: Tried): Pick<Refined, 'outcome' | 'change' | 'judgement'> {
  return { outcome: judgement.issues.length === 0 ? 'passed' : 'warned', change, judgement };
}

async function rest(
  { change, judgement }: Tried,
  judge: RefineOptions['judge'],
  signal: AbortSignal,
): Promise<Pick<Refined, 'outcome' | 'change' | 'judgement' | 'cutOff'>> {
  const part = cutBack(change, judgement.issues);
  if (part.change.length > 0) {
    const again = await judge(part.change, signal);
    if (again.valid) return { outcome: 'cut', change: part.change, judgement: again, cutOff: part.cutOff };
  }
  return { outcome: 'refused', change: [], judgement, cutOff: [] };
}

/** The more is refused, and the worse it is, the heavier; warnings tell apart what is equal else. */
function weightOf({ issues }: Judgement): number {
  return issues.reduce((sum, { severity, consequence }) => {
    const rank = severities.length - severities.indexOf(severity);
    return sum + (consequence === 'refuse' ? 1000 * rank : rank);
  }, 0);
}

function refusedIn({ issues }: Judgement): readonly string[] {
  return issues.filter(({ consequence }) => consequence === 'refuse').map(({ rule }) => rule);
}
