import type { LanguageName } from './histories/sources.js';
import type { ReplayCase } from './modelReplayMeasure.js';
import type { ReplayModel } from './modelReplayModel.js';
import { compare, summarise, type Comparison, type Summary } from './modelReplayScore.js';

export interface ReplayHead {
  readonly date: string;
  readonly machine: string;
  readonly commit: string;
  readonly kind: string;
  readonly sources: readonly string[];
  /** Histories that could not be measured, since the model's server failed twice. */
  readonly left: readonly string[];
  readonly budgetTokens: number;
}

export interface ReplayResults extends ReplayHead {
  readonly models: readonly ModelResults[];
}

interface ModelResults {
  readonly model: ReplayModel['about'];
  readonly cursors: number;
  readonly lines: number;
  readonly steps: Readonly<Record<string, Summary & Shown>>;
  readonly comparisons: readonly Comparison[];
  /** Exact lines by language and step. */
  readonly languages: Readonly<Record<string, { readonly cursors: number } & Readonly<Record<string, number>>>>;
  /** Who wrote what the pipeline showed, how often, and how often that was exact. */
  readonly pipeline: Readonly<Record<string, { readonly shown: number; readonly exact: number }>>;
  /** Why the pipeline showed nothing, how often. */
  readonly silence: Readonly<Record<string, number>>;
}

interface Shown {
  /** Units that the model reads, mean; and of the names to be written, the share that stands there, in per cent. */
  readonly units?: number;
  readonly namesShown?: number;
}

/** As they are spoken of in the table. */
const titles: Readonly<Record<string, string>> = {
  bare: '(a) the file alone',
  context: '(b) with our context',
  pipeline: '(c) whole pipeline: recall where it is sure, else the model with (b); filters and checks',
  tabs: '(c) taken as long as it is right, and asked again behind it',
  recall: 'recall without a model',
};

type Found = ReplayCase & { readonly language: LanguageName };

export function replayResults(measured: ReadonlyMap<ReplayModel, readonly Found[]>, head: ReplayHead): ReplayResults {
  return { ...head, models: [...measured].map(([{ about }, cases]) => resultsOf(about, cases)) };
}

function resultsOf(model: ReplayModel['about'], cases: readonly Found[]): ModelResults {
  const found = Object.keys(cases[0]?.scores ?? {});
  const order = [...Object.keys(titles), ...found.filter(step => !(step in titles))];
  const steps = order.filter(step => found.includes(step));
  const against = (step: string): Comparison => compare(cases, step, 'bare');
  return {
    model,
    cursors: cases.length,
    lines: new Set(cases.map(({ line }) => line)).size,
    steps: Object.fromEntries(steps.map(step => [step, { ...summarise(cases, step), ...shownIn(cases, step) }])),
    comparisons: [...steps.filter(step => step !== 'bare').map(against), compare(cases, 'pipeline', 'recall')],
    languages: Object.fromEntries(
      [...new Set(cases.map(({ language }) => language))].map(language => {
        const own = cases.filter(each => each.language === language);
        const exact = steps.map((step): [string, number] => [step, summarise(own, step).exact]);
        return [language, { cursors: own.length, ...Object.fromEntries(exact) }];
      }),
    ),
    pipeline: Object.fromEntries(
      (['recall', 'model'] as const).map(source => {
        const own = cases.filter(each => each.source === source);
        return [source, { shown: own.length, exact: summarise(own, 'pipeline').exact }];
      }),
    ),
    silence: counted(cases.flatMap(({ source, reason }) => (source === null ? [reason ?? 'unknown'] : []))),
  };
}

function shownIn(cases: readonly Found[], step: string): Shown {
  const shown = cases.flatMap(each => each.shown[step] ?? []);
  if (shown.length === 0) return {};
  const named = shown.flatMap(({ names }) => (names === null ? [] : [names]));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return { units: Math.round(mean(shown.map(({ units }) => units))), namesShown: Math.round(1000 * mean(named)) / 10 };
}

function counted(reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

export function replayTable(results: ReplayResults): string {
  const { date, machine, kind, sources, left, budgetTokens, models } = results;
  return [
    `# One small model with and without us, ${date}`,
    '',
    `Lines that were really written, replayed from ${kind}, none of them learnt from: ${sources.join(', ')}.`,
    ...(left.length === 0 ? [] : [`Left out, since the model's server failed twice: ${left.join(', ')}.`]),
    'One line of each of so many changes, asked about at its start and inside it, with all hidden that was still to come.',
    `Machine: ${machine}. Temperature 0, ${budgetTokens} tokens of 3.5 characters for a prompt, a fifth of them kept for what follows the cursor.`,
    'The index as of before each change; what takes time is waited for, so deadlines play no part here.',
    '**None of these models was trained to fill in.** The figures show the mechanism: what context and pipeline do for the same model. They say nothing about how good completions of a model for code are.',
    '',
    ...models.flatMap(modelTable),
  ].join('\n');
}

function modelTable({
  model,
  cursors,
  lines,
  steps,
  comparisons,
  languages,
  pipeline,
  silence,
}: ModelResults): string[] {
  const names = Object.keys(steps);
  return [
    `## ${model.name}`,
    '',
    `${model.parameters} parameters, ${model.megabytes} MB; trained ${model.trained}. It ${model.way}. ${lines} lines, ${cursors} cursors.`,
    '',
    '| | answered | exact | % | at the start | inside | right as far as it goes, % of answered | written, % | first token, % | names, % | similarity, % | characters read | names in them, % |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...Object.entries(steps).map(([name, step]) =>
      row([
        titles[name] ?? name,
        step.answered,
        step.exact,
        step.exactShare,
        step.exactAtStart,
        step.exactInMiddle,
        step.rightOfAnswered,
        step.saved,
        step.firstToken,
        step.names,
        step.similarity,
        step.units ?? '',
        step.namesShown ?? '',
      ]),
    ),
    '',
    '| exact lines | against | gained | lost | percentage points | 95 % interval |',
    '|---|---|---|---|---|---|',
    ...comparisons.map(({ step, against, gained, lost, points, low, high }) =>
      row([titles[step] ?? step, titles[against] ?? against, gained, lost, points, `${low} to ${high}`]),
    ),
    '',
    row(['exact by language', 'cursors', ...names.map(name => titles[name]?.replace(/:.*/, '') ?? name)]),
    `|${'---|'.repeat(names.length + 2)}`,
    ...Object.entries(languages).map(([language, own]) =>
      row([language, own.cursors, ...names.map(name => own[name] ?? 0)]),
    ),
    '',
    `In the pipeline recall wrote ${pipeline['recall']?.shown ?? 0} suggestions (${pipeline['recall']?.exact ?? 0} exact) and the model ${pipeline['model']?.shown ?? 0} (${pipeline['model']?.exact ?? 0} exact). Nothing was shown for: ${Object.entries(
      silence,
    )
      .map(([reason, count]) => `${reason} ${count}`)
      .join(', ')}.`,
    '',
  ];
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}
