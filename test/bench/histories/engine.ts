import { readFileSync } from 'node:fs';
import { createRecallInProcess, type RecallInProcess } from '../../../index/recall/createRecallInProcess.js';
import { createRanker } from '../../../index/recall/ranker.js';
import { voteRanker } from '../../../index/recall/voteRanker.js';

/** Makes an engine over a workspace, by absolute path. */
export type CreateEngine = (files: ReadonlyMap<string, string>) => RecallInProcess;

/** Engines with the committed weights, or others of the same kind. */
export function learntEngines(weights: URL | string): CreateEngine {
  const ranker = createRanker(JSON.parse(readFileSync(weights, 'utf8')));
  return files => createRecallInProcess({ ranker, files });
}

/** For learning: features do not depend on what was learnt before. */
export const createUnlearntEngine: CreateEngine = files => createRecallInProcess({ ranker: voteRanker, files });
