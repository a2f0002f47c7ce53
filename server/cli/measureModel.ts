import type { Answering, Models, Serving } from '../model/models.js';
import { Failure } from '../base/failure.js';

/** Code that is nobody's, for a short question whose answer is thrown away. */
const prefix = `/** The largest of some numbers, or null where there are none. */
export function largest(numbers: readonly number[]): number | null {
`;
const suffix = `}

export const sample = largest([3, 1, 2]);
`;

const limitMs = 60_000;
/** The first loads the model, the second is what the next ones are like. */
const rounds = 2;

/** Asks whoever completes twice, so that speed is known. Resolves with what went wrong, or null. Never for another machine. */
export async function measureInline(models: Models, signal: AbortSignal): Promise<string | null> {
  const serving = models.serving('inline', 'typescript', null);
  if (!isHere(serving)) return null;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  try {
    for (let round = 0; round < rounds; round++)
      await readAll(await models.fillIn({ prompt, isSpeculative: false }, limited));
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (limited.aborted) return `It did not answer within ${limitMs / 1000} s.`;
    if (error instanceof Failure) return error.remedy === null ? error.message : `${error.message} ${error.remedy}`;
    throw error;
  }
}

export function isHere(serving: ReturnType<Models['serving']>): serving is Serving {
  return 'isLocal' in serving && serving.isLocal;
}

const prompt = {
  languageId: 'typescript',
  path: null,
  label: 'understudy-sample.ts',
  repository: 'understudy-sample',
  related: [],
  prefix,
  typed: '  ',
  suffix,
  startLine: 0,
};

async function readAll({ text }: Answering): Promise<void> {
  for await (const _part of text) void _part;
}
