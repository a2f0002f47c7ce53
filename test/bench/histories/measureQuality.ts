import type { History } from '../../../server/cli/try/history.js';
import type { CreateEngine } from './engine.js';
import { askGreedily, summariseGreedy, type GreedyCase, type GreedyFigures } from './greedy.js';
import { LineVote } from './lineVote.js';
import { baseFiles, replay } from './replay.js';
import { languages, type LanguageName } from './sources.js';
import { recordTyping, simulateTyping, summariseTyping, type Policy, type TypingFigures } from './simulateTyping.js';

export interface LanguageQuality {
  readonly engine: GreedyFigures;
  /** The same engine without a workspace. */
  readonly documentAlone: GreedyFigures;
  readonly lineVote: GreedyFigures;
  /** One entry per policy, in their order. */
  readonly typing: readonly TypingFigures[];
  readonly typedLines: number;
}

export interface QualityOptions {
  readonly createEngine: CreateEngine;
  readonly policies: readonly Policy[];
  readonly maxLines: number;
  /** About so many lines are asked about, the same number in each change set. */
  readonly lines: number;
  /** About so many are typed character by character. */
  readonly typedLines: number;
}

export function measureQuality(
  histories: readonly History[],
  language: LanguageName,
  options: QualityOptions,
): LanguageQuality {
  const cases: [GreedyCase[], GreedyCase[], GreedyCase[]] = [[], [], []];
  const counts = options.policies.map(() => ({ shown: 0, accepted: 0, saved: 0, written: 0 }));
  let typedLines = 0;
  const languageId = languages[language].id;
  const changeSets = histories.reduce((sum, history) => sum + history.changeSets.length, 0);
  const linesPerChangeSet = Math.ceil(options.lines / changeSets);
  for (const history of histories) {
    const files = baseFiles(history);
    const engines = [options.createEngine(files), options.createEngine(new Map()), new LineVote(files)] as const;
    const [full, documentAlone, lineVote] = engines;
    const participants = { workspace: [full, lineVote], documentOnly: [documentAlone] };
    replay(history, participants, { seed: 23, linesPerChangeSet, languageId }, line => {
      for (const [index, answered] of askGreedily(line, engines).entries()) cases[index]?.push(...answered);
    });
    const typist = options.createEngine(files);
    const lowest = Math.min(...options.policies.map(({ minConfidence }) => minConfidence));
    const sampling = { seed: 41, linesPerChangeSet: Math.ceil(options.typedLines / changeSets), languageId };
    replay(history, { workspace: [typist], documentOnly: [] }, sampling, line => {
      const record = recordTyping(line, typist, lowest, options.maxLines);
      typedLines++;
      for (const [index, policy] of options.policies.entries()) {
        const count = counts[index];
        if (count) simulateTyping(record, policy, count);
      }
    });
  }
  return {
    engine: summariseGreedy(cases[0]),
    documentAlone: summariseGreedy(cases[1]),
    lineVote: summariseGreedy(cases[2]),
    typing: counts.map(summariseTyping),
    typedLines,
  };
}
