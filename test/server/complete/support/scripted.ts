import type { CheckResult, LeftOpen, Surroundings, Trees } from '../../../../grammars/trees.js';
import type { Recall, Suggestion, SuggestOptions } from '../../../../index/recall/recall.js';
import type { DocSnapshot } from '../../../../server/base/snapshot.js';
import type { InlineSettings } from '../../../../server/complete/attempt.js';

export const inlineDefaults: InlineSettings = {
  enabled: true,
  trigger: 'automatic',
  minConfidence: 0.7,
  minChars: 1,
  maxLines: 12,
  comments: false,
  waitMs: 200,
  models: true,
  languages: {},
  exclude: [],
};

export interface ScriptedRecall extends Recall {
  readonly asked: { readonly offset: number; readonly options: SuggestOptions }[];
  /** What comes right of the cursor, or null for silence. */
  says: ((snapshot: DocSnapshot, offset: number, options: SuggestOptions) => string | null) | string | null;
}

/** An engine that says what it is told to; its text begins with the word at the cursor, as the real one's does. */
export function scriptedRecall(says: ScriptedRecall['says'] = null): ScriptedRecall {
  const recall: ScriptedRecall = {
    asked: [],
    says,
    open: () => {},
    change: () => {},
    close: () => {},
    updateFile: () => {},
    knows: () => true,
    stats: () => ({ files: 0, tokens: 0, vocabulary: 0, bytes: 0, leftOut: 0 }),
    suggest(snapshot, offset, options) {
      recall.asked.push({ offset, options });
      const right = typeof recall.says === 'function' ? recall.says(snapshot, offset, options) : recall.says;
      return right === null ? { silence: 'unsure' } : suggestionOf(snapshot, offset, right);
    },
  };
  return recall;
}

export function suggestionOf(snapshot: DocSnapshot, offset: number, right: string): Suggestion {
  const word = /[\p{L}\p{N}_]*$/u.exec(snapshot.text.slice(Math.max(0, offset - 200), offset))?.[0] ?? '';
  const text = word + right;
  const steps = [...text.matchAll(/[\p{L}\p{N}_]+|\n\s*|[^\s\p{L}\p{N}_]/gu)].map((token, index) => ({
    end: token.index + token[0].length,
    confidence: 1 - (index + 1) / 100,
  }));
  const origin = { kind: 'workspace', path: '/project/src/origin.ts', line: 41 } as const;
  const confidence = steps.at(-1)?.confidence ?? 1;
  return { start: offset - word.length, end: offset, text, confidence, steps, origin };
}

export interface ScriptedTrees extends Trees {
  readonly checked: string[];
  checks: (text: string, mayLeaveOpen?: LeftOpen) => CheckResult | Promise<CheckResult>;
  around: Surroundings | null;
}

/** Trees that pass everything, until told otherwise. */
export function scriptedTrees(): ScriptedTrees {
  const trees: ScriptedTrees = {
    checked: [],
    checks: text => ({ keep: text.length, verdict: 'passed' }),
    around: null,
    open: () => {},
    change: () => {},
    close: () => {},
    async check({ text, mayLeaveOpen }) {
      trees.checked.push(text);
      return trees.checks(text, mayLeaveOpen);
    },
    surroundings: async () => trees.around,
    shape: async () => null,
    rest: async () => {},
    dispose: async () => {},
  };
  return trees;
}
