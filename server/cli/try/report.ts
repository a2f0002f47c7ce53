import type { Paint } from '../command.js';
import { formatCount, formatCounted, formatMs } from '../quantities.js';
import { alignColumns, cutTo } from '../table.js';
import { pick, createRandom } from './cursors.js';
import { figuresOf, percentile, type Figures, type Judged } from './score.js';
import type { Replayed } from './replay.js';

/** What `try` found out, for scripts and for people. */
export interface TryResult {
  readonly folder: string;
  readonly kind: 'git' | 'cut';
  readonly why: string | null;
  readonly files: number;
  readonly indexMs: number;
  readonly changeSets: number;
  readonly replayed: Replayed;
  readonly ms: number;
}

export function resultDocument(result: TryResult): object {
  const { judged, typed, latenciesMs, linesLeft } = result.replayed;
  const figures = figuresOf(judged, typed);
  return {
    ...rounded(figures),
    latencyMs: { p50: round(percentile(latenciesMs, 50)), p95: round(percentile(latenciesMs, 95)) },
    languages: Object.fromEntries(byLanguage(result).map(([language, own]) => [language, rounded(own)])),
    source: result.kind === 'git' ? 'commits' : 'lines cut out of files',
    changeSets: result.changeSets,
    linesLeft,
    files: result.files,
    indexMs: Math.round(result.indexMs),
    hits: chooseExamples(judged, 'right').map(exampleDocument),
    misses: chooseExamples(judged, 'wrong').map(exampleDocument),
  };
}

export function describeResult(result: TryResult, paint: Paint): string {
  const { judged, typed, latenciesMs } = result.replayed;
  const latency = `${formatMs(percentile(latenciesMs, 50))} half of the time, ${formatMs(percentile(latenciesMs, 95))} in 95 of 100`;
  const asked = judged.length + typed.length === 0;
  if (asked) return `${describeSource(result)}\nNo line of code was found in it that could be asked for.\n`;
  return [
    describeSource(result),
    '',
    ...figureTable(result, paint),
    '',
    `Answered in ${paint.bold(latency)}, from the request to the answer, ${formatCount(latenciesMs.length)} requests.`,
    paint.dim('shown: something was offered · right: all of it was what came next, where shown'),
    paint.dim(
      'whole rest: exactly the rest of the line, of all cursors · saved: characters not typed when right offers are',
    ),
    paint.dim('taken, one key each; on other lines of the same changes, typed through key by key'),
    '',
    ...describeExamples('Hits', judged, 'right', paint),
    ...describeExamples('Misses', judged, 'wrong', paint),
  ].join('\n');
}

function describeSource({ folder, kind, why, files, indexMs, changeSets, replayed, ms }: TryResult): string {
  const { linesLeft } = replayed;
  const left = linesLeft === 0 ? '' : ` There was no time for ${formatCount(linesLeft)} of the lines drawn.`;
  const times = `${formatCounted(files, 'file')} indexed in ${formatMs(indexMs)}, ${formatMs(ms)} in all.${left}`;
  return kind === 'git'
    ? `${folder}: the last ${formatCounted(changeSets, 'commit')} written anew, index as of before each. ${times}`
    : `${folder}: ${why ?? ''} Lines were cut out of ${formatCounted(changeSets, 'file')} and written anew. ${times}`;
}

function figureTable(result: TryResult, paint: Paint): readonly string[] {
  const head = ['', 'cursors', 'shown', 'right', 'whole rest', 'saved'];
  const languages = byLanguage(result);
  const { judged, typed } = result.replayed;
  const all = figureRow('all', figuresOf(judged, typed));
  const rows = languages.map(([language, figures]) => figureRow(language, figures));
  const [title = '', ...lines] = alignColumns([head, ...rows, ...(languages.length > 1 ? [all] : [])], [1, 2, 3, 4, 5]);
  return [paint.dim(title), ...lines.map((line, at) => (at === lines.length - 1 ? paint.bold(line) : line))];
}

function figureRow(name: string, figures: Figures): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const { cursors, coverage, precision, exact, charactersSaved } = figures;
  return [
    name,
    formatCount(cursors),
    percent(coverage),
    coverage === 0 ? '–' : percent(precision),
    percent(exact),
    percent(charactersSaved),
  ];
}

/** Those with most cursors first. */
function byLanguage({ replayed: { judged, typed } }: TryResult): readonly (readonly [string, Figures])[] {
  const names = new Set([...judged, ...typed].map(({ language }) => language));
  return [...names]
    .map(name => {
      const own = figuresOf(
        judged.filter(({ language }) => language === name),
        typed.filter(({ language }) => language === name),
      );
      return [name, own] as const;
    })
    .sort(([, a], [, b]) => b.cursors - a.cursors);
}

function describeExamples(title: string, judged: readonly Judged[], kind: 'right' | 'wrong', paint: Paint): string[] {
  const examples = chooseExamples(judged, kind);
  return examples.length === 0 ? [] : [paint.bold(title), ...examples.flatMap(one => describeExample(one, paint)), ''];
}

/** `|` is the cursor, `⏎` a line break. Of several lines the one is shown that decides. */
function describeExample(
  { path, line, before, written, below, offered, origin, verdict }: Judged,
  paint: Paint,
): string[] {
  const offeredLines = (offered ?? '').split('\n');
  const writtenLines = [written, ...below.split('\n')];
  const differing = offeredLines.findIndex((text, at) => !(writtenLines[at] ?? '').startsWith(text));
  const at = verdict === 'wrong' && offeredLines[0] === written ? Math.max(0, differing) : 0;
  const width = paint.columns - 14;
  const typed = at === 0 ? `${cutFront(before.trimStart(), Math.floor(width / 2))}${paint.dim('|')}` : paint.dim('⏎ ');
  const room = width - Math.min(before.trimStart().length, Math.floor(width / 2)) - 2;
  const more = offeredLines.length - 1 - at;
  const offer = cutTo((offeredLines[at] ?? '') + (more > 0 ? ` ⏎ and ${more} more` : ''), room);
  const colour = verdict === 'wrong' ? paint.red : paint.green;
  const look = [
    `  ${paint.cyan(path)}:${paint.green(String(line + at))}${origin === null ? '' : paint.dim(`  from ${origin}`)}`,
    `    ${paint.dim('offered')}  ${typed}${colour(offer)}`,
  ];
  if (offeredLines[at] !== writtenLines[at])
    look.push(`    ${paint.dim('written')}  ${typed}${cutTo(writtenLines[at] ?? '', room)}`);
  return look;
}

function cutFront(text: string, width: number): string {
  return text.length > width ? `…${text.slice(1 - width)}` : text;
}

/** Shorter ones are right often enough, and tell nothing. */
const shortestExample = 8;

/** Three, of different files where there are, drawn at random: neither the best nor the worst. */
function chooseExamples(judged: readonly Judged[], kind: 'right' | 'wrong'): readonly Judged[] {
  const random = createRandom(3);
  let left = judged.filter(({ verdict, offered }) => {
    if (offered === null || offered.trim().length < shortestExample) return false;
    return kind === 'wrong' ? verdict === 'wrong' : verdict === 'right' || verdict === 'whole-line';
  });
  const chosen: Judged[] = [];
  while (chosen.length < 3) {
    const fresh = left.filter(({ path }) => !chosen.some(other => other.path === path));
    const next = pick(fresh.length > 0 ? fresh : left, random);
    if (next === undefined) break;
    chosen.push(next);
    left = left.filter(other => other.path !== next.path || other.line !== next.line);
  }
  return chosen;
}

function exampleDocument({ path, line, column, changeSet, before, offered, written, origin }: Judged): object {
  return { path, line, column, changeSet, before, offered, written, origin };
}

function rounded(figures: Figures): Figures {
  const { cursors, coverage, precision, exact, charactersSaved } = figures;
  return {
    cursors,
    coverage: round(coverage),
    precision: round(precision),
    exact: round(exact),
    charactersSaved: round(charactersSaved),
  };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
