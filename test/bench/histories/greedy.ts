import type { Recall } from '../../../index/recall/recall.js';
import { chooseCursors, splitTokens, type Cursor } from './boundaries.js';
import type { TypedLine } from './replay.js';

/** What an engine made of one cursor when it had to go on to the end of the line, however unsure. */
export interface GreedyCase {
  readonly kind: Cursor['kind'];
  /** Whether its line replaces one that was there. */
  readonly replaces: boolean;
  readonly isExact: boolean;
  /** What was said is how the line goes on; the line may go on further. */
  readonly isRight: boolean;
  readonly isNextTokenRight: boolean;
  /** 0 where nothing was said. */
  readonly confidence: number;
}

const toTheEndOfTheLine = { minConfidence: 0, minChars: 1, maxLines: 1 };

/** One case per cursor and engine. */
export function askGreedily(line: TypedLine, engines: readonly Recall[]): GreedyCase[][] {
  const cases: GreedyCase[][] = engines.map(() => []);
  for (const { kind, column } of chooseCursors(line.tokens, line.random)) {
    const { snapshot, offset } = line.typeTo(column);
    const rest = line.text.slice(column);
    for (const [index, engine] of engines.entries()) {
      const answer = engine.suggest(snapshot, offset, toTheEndOfTheLine);
      const said =
        'text' in answer
          ? (answer.text
              .slice(offset - answer.start)
              .split('\n', 1)[0]
              ?.trimEnd() ?? '')
          : '';
      cases[index]?.push({
        kind,
        replaces: line.replaces,
        isExact: said === rest,
        isRight: said !== '' && rest.startsWith(said),
        isNextTokenRight: said !== '' && firstToken(said) === firstToken(rest),
        confidence: 'text' in answer ? answer.confidence : 0,
      });
    }
  }
  return cases;
}

export interface GreedyFigures {
  readonly cursors: number;
  /** All in per cent. */
  readonly exact: number;
  readonly exactAtStart: number;
  readonly exactInMiddle: number;
  readonly exactInName: number;
  readonly exactWhereReplaced: number;
  readonly nextToken: number;
  /** Of the surest 10, 25 and 50 % of all cursors. */
  readonly precisionAt: readonly [number, number, number];
  /** By tenths of confidence: how many, and how many of them right so far as they go. */
  readonly calibration: readonly { readonly count: number; readonly confidence: number; readonly right: number }[];
}

export function summariseGreedy(cases: readonly GreedyCase[]): GreedyFigures {
  const share = (chosen: readonly GreedyCase[], isRight: (one: GreedyCase) => boolean): number =>
    percent(chosen.filter(isRight).length, chosen.length);
  const isExact = ({ isExact: exact }: GreedyCase): boolean => exact;
  const surest = [...cases].sort((a, b) => b.confidence - a.confidence);
  const precision = (part: number): number => share(surest.slice(0, Math.round(cases.length * part)), isExact);
  const deciles = Array.from({ length: 10 }, (_, decile) =>
    cases.filter(({ confidence }) => confidence > 0 && Math.min(9, Math.floor(confidence * 10)) === decile),
  );
  return {
    cursors: cases.length,
    exact: share(cases, isExact),
    exactAtStart: share(
      cases.filter(({ kind }) => kind === 'start'),
      isExact,
    ),
    exactInMiddle: share(
      cases.filter(({ kind }) => kind === 'middle'),
      isExact,
    ),
    exactInName: share(
      cases.filter(({ kind }) => kind === 'name'),
      isExact,
    ),
    exactWhereReplaced: share(
      cases.filter(({ replaces }) => replaces),
      isExact,
    ),
    nextToken: share(cases, ({ isNextTokenRight }) => isNextTokenRight),
    precisionAt: [precision(0.1), precision(0.25), precision(0.5)],
    calibration: deciles.map(decile => ({
      count: decile.length,
      confidence: percent(
        decile.reduce((sum, { confidence }) => sum + confidence, 0),
        decile.length,
      ),
      right: share(decile, ({ isRight }) => isRight),
    })),
  };
}

export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1000 * part) / whole) / 10;
}

function firstToken(text: string): string {
  const line = text.trimStart();
  const [token] = splitTokens(line);
  return token ? line.slice(token.start, token.end) : '';
}
