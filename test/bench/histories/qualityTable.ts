import type { GreedyFigures } from './greedy.js';
import type { LanguageQuality } from './measureQuality.js';
import type { Policy, TypingFigures } from './simulateTyping.js';
import type { LanguageName } from './sources.js';

export interface QualityResults {
  readonly date: string;
  readonly machine: string;
  readonly commit: string;
  readonly sources: string;
  /** The first is the product's default. */
  readonly policies: readonly Policy[];
  readonly languages: Readonly<Partial<Record<LanguageName, LanguageQuality>>>;
  readonly mean: MeanQuality;
}

export interface MeanQuality {
  readonly exact: { readonly engine: number; readonly documentAlone: number; readonly lineVote: number };
  readonly nextToken: { readonly engine: number; readonly documentAlone: number; readonly lineVote: number };
  readonly typing: readonly TypingFigures[];
  /** Over all cursors of all languages. */
  readonly calibration: GreedyFigures['calibration'];
}

/** Every language counts the same. */
export function meanQuality(languages: readonly LanguageQuality[]): MeanQuality {
  const mean = (read: (one: LanguageQuality) => number): number =>
    round(languages.reduce((sum, one) => sum + read(one), 0) / Math.max(1, languages.length));
  const participants = (field: 'exact' | 'nextToken'): MeanQuality['exact'] => ({
    engine: mean(({ engine }) => engine[field]),
    documentAlone: mean(({ documentAlone }) => documentAlone[field]),
    lineVote: mean(({ lineVote }) => lineVote[field]),
  });
  const typed = (index: number, field: keyof TypingFigures): number =>
    mean(({ typing }) => typing[index]?.[field] ?? 0);
  return {
    exact: participants('exact'),
    nextToken: participants('nextToken'),
    typing: (languages[0]?.typing ?? []).map((_, index) => ({
      accepted: typed(index, 'accepted'),
      saved: typed(index, 'saved'),
      shownPer100Characters: typed(index, 'shownPer100Characters'),
    })),
    calibration: Array.from({ length: 10 }, (_, decile) => {
      const parts = languages.map(({ engine }) => engine.calibration[decile]).filter(part => part !== undefined);
      const count = parts.reduce((sum, part) => sum + part.count, 0);
      const weighted = (field: 'confidence' | 'right'): number =>
        round(parts.reduce((sum, part) => sum + part.count * part[field], 0) / Math.max(1, count));
      return { count, confidence: weighted('confidence'), right: weighted('right') };
    }),
  };
}

export function qualityTable({ date, machine, sources, policies, languages, mean }: QualityResults): string {
  const rows = Object.entries(languages);
  const [policy] = policies;
  return [
    `# Quality of recall, ${date}`,
    '',
    `Sources: ${sources}, none of them learnt from. Machine: ${machine}.`,
    'Index as of before each change, later lines hidden, the text after a change the old one; all figures in per cent.',
    '',
    '## Exact rest of line, however unsure',
    '',
    '| language | cursors | all | line start | in the line | inside a name | replaced lines | next token | document alone | line vote |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(([language, { engine, documentAlone, lineVote }]) =>
      row([
        language,
        engine.cursors,
        engine.exact,
        engine.exactAtStart,
        engine.exactInMiddle,
        engine.exactInName,
        engine.exactWhereReplaced,
        engine.nextToken,
        documentAlone.exact,
        lineVote.exact,
      ]),
    ),
    row([
      'mean',
      '',
      mean.exact.engine,
      '',
      '',
      '',
      '',
      mean.nextToken.engine,
      mean.exact.documentAlone,
      mean.exact.lineVote,
    ]),
    '',
    `## Typing, at the defaults (confidence ${policy?.minConfidence ?? ''}, at least ${policy?.minChars ?? ''} characters)`,
    '',
    '| language | lines | accepted | characters saved | suggestions per 100 characters |',
    '|---|---|---|---|---|',
    ...rows.map(([language, { typing, typedLines }]) => row([language, typedLines, ...typingCells(typing[0])])),
    row(['mean', '', ...typingCells(mean.typing[0])]),
    '',
    '## Typing, other settings (mean): accepted, saved, suggestions per 100 characters',
    '',
    ...sweepTable(policies, mean.typing),
    '',
    '## Calibration: of what was said with a confidence of …, so much was right',
    '',
    row(['confidence', ...mean.calibration.map((_, decile) => `${decile * 10} to ${decile * 10 + 10}`)]),
    `|${'---|'.repeat(11)}`,
    row(['mean confidence', ...mean.calibration.map(({ confidence }) => confidence)]),
    row(['right', ...mean.calibration.map(({ right }) => right)]),
    row(['count', ...mean.calibration.map(({ count }) => count)]),
    '',
  ].join('\n');
}

function sweepTable(policies: readonly Policy[], typing: readonly TypingFigures[]): string[] {
  const swept = policies.slice(1);
  const lengths = [...new Set(swept.map(({ minChars }) => minChars))];
  const thresholds = [...new Set(swept.map(({ minConfidence }) => minConfidence))];
  if (swept.length === 0) return ['Not swept in this run.'];
  return [
    row(['confidence', ...lengths.map(length => `≥ ${length} characters`)]),
    `|${'---|'.repeat(lengths.length + 1)}`,
    ...thresholds.map(threshold =>
      row([
        threshold,
        ...lengths.map(length => {
          const index = swept.findIndex(one => one.minConfidence === threshold && one.minChars === length);
          return typingCells(typing[index + 1]).join(' · ');
        }),
      ]),
    ),
  ];
}

function typingCells(figures: TypingFigures | undefined): number[] {
  return figures === undefined ? [] : [figures.accepted, figures.saved, figures.shownPer100Characters];
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
