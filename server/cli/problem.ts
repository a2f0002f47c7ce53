import { Failure } from '../base/failure.js';
import { UsageError } from './parseCommandLine.js';

export interface Problem {
  readonly kind: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** What went wrong, for a person. Anything unexpected is a bug and shows its stack. */
export function describeProblem(error: unknown): Problem {
  if (error instanceof Failure) return { kind: error.kind, message: error.message, remedy: error.remedy };
  if (error instanceof UsageError) return { kind: 'wrong-use', message: error.message, remedy: null };
  return {
    kind: 'bug',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    remedy: 'This is a mistake in Understudy; please report it with the lines above.',
  };
}
