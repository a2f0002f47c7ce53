import type { Context } from '../../context/context.js';
import type { Models, Serving } from '../../model/models.js';
import type { Asked, Cutter } from './flight.js';
import type { FillInWant } from './fillIns.js';

export interface ModelParts {
  readonly models: Pick<Models, 'serving' | 'fillIn'>;
  readonly context: Context;
  /** How much is wanted at a place; null: nothing. */
  readonly cutterAt: (want: FillInWant, signal: AbortSignal) => Promise<Cutter | null>;
  /** How long sources are waited for. */
  readonly contextDeadlineMs: number;
}

/** Gathers what a model gets to see and asks it; null where nothing is wanted. */
export async function askModel(
  { models, context, cutterAt, contextDeadlineMs }: ModelParts,
  want: FillInWant,
  serving: Serving,
  isSpeculative: boolean,
  signal: AbortSignal,
): Promise<Asked | null> {
  const { snapshot, offset } = want;
  const [{ prompt, sources }, cutter] = await Promise.all([
    context.gather({ snapshot, offset, budgetTokens: serving.promptTokens, deadlineMs: contextDeadlineMs }, signal),
    cutterAt(want, signal),
  ]);
  if (cutter === null) return null;
  const answering = await models.fillIn({ prompt, isSpeculative }, signal);
  return { answering, cutter, sawAll: !sources.some(({ late }) => late) };
}
