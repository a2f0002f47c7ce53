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
  readonly allChangeSets: number;
  readonly replayed: Replayed;
  readonly ms: number;
}

export function resultDocument(result: TryResult): object {
  const { judged, typed, latenciesMs, changeSets } = result.replayed;
  const figures = figuresOf(judged, typed);
  return {
    ...rounded(figures),
    latencyMs: { p50: round(percentile(latenciesMs, 50)), p95: round(percentile(latenciesMs, 95)) },
    languages: Object.fromEntries(byLanguage(result).map(([language, own]) => [language, rounded(own)])),
    source: result.kind === 'git' ? 'commits' : 'lines cut out of files',
    changeSets,
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

function describeSource({ folder, kind, why, files, indexMs, allChangeSets, replayed, ms }: TryResult): string {
  const indexed = `${formatCounted(files, 'file')} indexed in ${formatMs(indexMs)}`;
  const all = replayed.changeSets < allChangeSets ? ` of the ${formatCount(allChangeSets)} looked at` : '';
  return kind === 'git'
    ? `${folder}: the last ${formatCounted(replayed.changeSets, 'commit')}${all} written anew, index as of before each. ${indexed}, ${formatMs(ms)} in all.`
    : `${folder}: ${why ?? ''} Lines were cut out of ${formatCounted(replayed.changeSets, 'file')}${all} and written anew. ${indexed}, ${formatMs(ms)} in all.`;
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

/** `|` is the cursor. */
function describeExample({ path, line, before, written, offered, origin, verdict }: Judged, paint: Paint): string[] {
  const width = paint.columns - 14;
  const typed = before.trimStart();
  const shownTyped = typed.length > width / 2 ? `…${typed.slice(-Math.floor(width / 2))}` : typed;
  const room = width - shownTyped.length - 2;
  const [first = '', ...more] = (offered ?? '').split('\n');
  const offer = cutTo(first + (more.length > 0 ? ` ⏎ and ${more.length} more` : ''), room);
  const where = `${paint.cyan(path)}:${paint.green(String(line))}`;
  const from = origin === null ? '' : paint.dim(`  from ${origin}`);
  const colour = verdict === 'wrong' ? paint.red : paint.green;
  const look = [`  ${where}${from}`, `    ${paint.dim('offered')}  ${shownTyped}${paint.dim('|')}${colour(offer)}`];
  if (first !== written)
    look.push(`    ${paint.dim('written')}  ${shownTyped}${paint.dim('|')}${cutTo(written, room)}`);
  return look;
}

/** Three, of different files where there are, drawn at random: neither the best nor the worst. */
function chooseExamples(judged: readonly Judged[], kind: 'right' | 'wrong'): readonly Judged[] {
  const random = createRandom(3);
  let left = judged.filter(({ verdict, offered }) => {
    if (offered === null || offered.trim().length < 4) return false;
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
