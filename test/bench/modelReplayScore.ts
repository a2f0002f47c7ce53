import { splitTokens } from './histories/boundaries.js';
import { seededRandom } from './histories/random.js';

/** How an answer compares with what was really written. */
export interface Score {
  readonly isAnswered: boolean;
  readonly isExact: boolean;
  /** What is said is how the line goes on; the line may go on further. */
  readonly isRight: boolean;
  /** Of what was to be written, the share that needs no typing when an answer is taken that is right. */
  readonly saved: number;
  readonly isFirstTokenRight: boolean;
  /** Of the names that were written, the share that the answer has; null where none was. */
  readonly names: number | null;
  /** 1 less the edits that lead from one to the other, by the length of the longer. */
  readonly similarity: number;
}

/** `said` is right of the cursor; only its first line counts. */
export function scoreOf(said: string | null, rest: string): Score {
  const line = lineOf(said ?? '');
  const wanted = namesOf(rest);
  const has = new Set(namesOf(line));
  const isRight = line !== '' && rest.startsWith(line);
  return {
    isAnswered: line !== '',
    isExact: line === rest,
    isRight,
    saved: isRight ? line.length / rest.length : 0,
    isFirstTokenRight: line !== '' && firstToken(line) === firstToken(rest),
    names: wanted.length === 0 ? null : wanted.filter(name => has.has(name)).length / wanted.length,
    similarity: 1 - editDistance(line, rest) / Math.max(1, line.length, rest.length),
  };
}

export interface Summary {
  readonly cursors: number;
  readonly answered: number;
  readonly exact: number;
  readonly exactAtStart: number;
  readonly exactInMiddle: number;
  /** Of those that were answered, in per cent. */
  readonly rightOfAnswered: number;
  /** In per cent of all, as the rest. */
  readonly exactShare: number;
  readonly saved: number;
  readonly firstToken: number;
  readonly names: number;
  readonly similarity: number;
}

export interface Scored {
  readonly kind: string;
  /** Cursors of one line are not independent. */
  readonly line: number;
  readonly scores: Readonly<Record<string, Score>>;
}

export function summarise(cases: readonly Scored[], step: string): Summary {
  const scores = cases.flatMap(({ kind, scores }) => {
    const score = scores[step];
    return score === undefined ? [] : [{ kind, ...score }];
  });
  const count = (holds: (score: (typeof scores)[number]) => boolean): number => scores.filter(holds).length;
  const named = scores.flatMap(({ names }) => (names === null ? [] : [names]));
  const answered = count(({ isAnswered }) => isAnswered);
  const exact = count(({ isExact }) => isExact);
  return {
    cursors: scores.length,
    answered,
    exact,
    exactAtStart: count(({ isExact, kind }) => isExact && kind === 'start'),
    exactInMiddle: count(({ isExact, kind }) => isExact && kind === 'middle'),
    rightOfAnswered: percent(
      count(({ isRight }) => isRight),
      answered,
    ),
    exactShare: percent(exact, scores.length),
    saved: percent(sum(scores.map(({ saved }) => saved)), scores.length),
    firstToken: percent(
      count(({ isFirstTokenRight }) => isFirstTokenRight),
      scores.length,
    ),
    names: percent(sum(named), named.length),
    similarity: percent(sum(scores.map(({ similarity }) => similarity)), scores.length),
  };
}

export interface Comparison {
  readonly step: string;
  readonly against: string;
  /** Exact with one of the two alone. */
  readonly gained: number;
  readonly lost: number;
  /** In percentage points of exact lines, with the 95 % interval of a bootstrap over lines. */
  readonly points: number;
  readonly low: number;
  readonly high: number;
}

export function compare(cases: readonly Scored[], step: string, against: string): Comparison {
  const both = cases.flatMap(({ line, scores }) => {
    const [ours, theirs] = [scores[step], scores[against]];
    return ours === undefined || theirs === undefined
      ? []
      : [{ line, difference: Number(ours.isExact) - Number(theirs.isExact) }];
  });
  const byLine = new Map<number, number[]>();
  for (const { line, difference } of both) byLine.set(line, [...(byLine.get(line) ?? []), difference]);
  const groups = [...byLine.values()].map(differences => ({ sum: sum(differences), count: differences.length }));
  const random = seededRandom(5);
  const drawn = Array.from({ length: bootstraps }, () => {
    let [total, count] = [0, 0];
    for (let at = 0; at < groups.length; at++) {
      const group = groups[Math.floor(random() * groups.length)];
      total += group?.sum ?? 0;
      count += group?.count ?? 0;
    }
    return (100 * total) / Math.max(1, count);
  }).sort((left, right) => left - right);
  const rank = (share: number): number => Number((drawn[Math.floor(share * (drawn.length - 1))] ?? 0).toFixed(1));
  return {
    step,
    against,
    gained: both.filter(({ difference }) => difference > 0).length,
    lost: both.filter(({ difference }) => difference < 0).length,
    points: Number(((100 * sum(both.map(({ difference }) => difference))) / Math.max(1, both.length)).toFixed(1)),
    low: rank(0.025),
    high: rank(0.975),
  };
}

const bootstraps = 2000;

/** Only the first counts. */
export function lineOf(text: string): string {
  return text.split('\n', 1)[0]?.trimEnd() ?? '';
}

export function namesOf(text: string): readonly string[] {
  return [...new Set(splitTokens(text).flatMap(({ start, end, isName }) => (isName ? [text.slice(start, end)] : [])))];
}

function firstToken(text: string): string {
  const line = text.trimStart();
  const [token] = splitTokens(line);
  return token === undefined ? '' : line.slice(token.start, token.end);
}

/** Insertions, deletions and replacements of one unit each (Levenshtein 1966), with one row kept (Wagner and Fischer 1974). */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let at = 1; at <= left.length; at++) {
    const next = [at];
    for (let to = 1; to <= right.length; to++) {
      const replaced = (row[to - 1] ?? 0) + (left[at - 1] === right[to - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function percent(part: number, whole: number): number {
  return Math.round((1000 * part) / Math.max(1, whole)) / 10;
}
