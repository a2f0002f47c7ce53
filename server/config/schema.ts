import { backendsSetting } from './backendSettings.js';
import { licenceLists } from './licenceSetting.js';
import { budget, chain, languageChains, prices, sampling } from './taskSettings.js';
import { choice, choices, flag, number, optionalPath, patterns, switches, type Setting } from './setting.js';

const bothOn = (current: boolean, asked: boolean): boolean => current && asked;
const eitherOn = (current: boolean, asked: boolean): boolean => current || asked;
const strictness = ['never', 'remote', 'always'];
const severities = ['critical', 'high', 'medium', 'low', 'info'];
const trustworthiness = ['none', 'store', 'all'];
const higher = Math.max;
const lower = Math.min;

/**
 * Every setting, once: types are inferred from here, the table of the README is generated from here, and nothing else
 * lists settings. Keys are `section.name`, or the section alone where its names are the person's own.
 */
export const schema = {
  'inline.enabled': flag(true, 'Whether suggestions are made at all.', bothOn),
  'inline.trigger': choice(
    ['automatic', 'manual'],
    'automatic',
    'With `manual`, only what a key asks for is answered.',
    (current, asked) => (asked === 'manual' ? asked : current),
  ),
  'inline.minConfidence': number(
    0.77,
    { min: 0, max: 1, whole: false },
    'A suggestion ends where the probability that all of it is right falls below this.',
    higher,
  ),
  'inline.minChars': number(7, { min: 1, max: 1000, whole: true }, 'Shorter suggestions are not shown.', higher),
  'inline.maxLines': number(12, { min: 1, max: 200, whole: true }, 'Longest suggestion, in lines.', lower),
  'inline.comments': flag(true, 'Whether to complete inside comments too, where it is surer than in code.', bothOn),
  'inline.languages': switches({}, 'Languages switched on or off by their id; those not named are on.'),
  'inline.exclude': patterns([], 'Files without suggestions, in `.gitignore` syntax.'),
  'inline.waitMs': number(
    200,
    { min: 0, max: 60000, whole: true },
    'How long a request waits for a model; what comes later serves the next one.',
    lower,
  ),
  'inline.models': flag(true, 'Whether models complete where your own code does not say enough.', bothOn),
  backends: backendsSetting,
  'tasks.discover': flag(true, 'Whether to look for Ollama and llama.cpp on this machine.', bothOn),
  'tasks.inline': chain('Who completes, first to last; your own code stands before and behind. `[]`: no model.'),
  'tasks.chat': chain('Who answers questions, first to last; also for tasks without a chain of their own.'),
  'tasks.explain': chain('Who explains.'),
  'tasks.tests': chain('Who writes tests.'),
  'tasks.review': chain('Who reviews.'),
  'tasks.embed': chain('Who makes vectors for search. Null and `[]`: nobody; search works without.'),
  'tasks.languages': languageChains('Chains for single languages: `{"python": {"inline": ["expert"]}}`.'),
  'sampling.inline': sampling({ temperature: 0.1, topP: 0.95, maxTokens: 128 }, 'How completions are drawn.'),
  'sampling.chat': sampling({ temperature: 0.3, topP: 0.95, maxTokens: 1024 }, 'How answers are drawn.'),
  'sampling.explain': sampling({ temperature: 0.3, topP: 0.95, maxTokens: 512 }, 'How explanations are drawn.'),
  'sampling.tests': sampling({ temperature: 0.2, topP: 0.95, maxTokens: 2048 }, 'How tests are drawn.'),
  'sampling.review': sampling({ temperature: 0.2, topP: 0.95, maxTokens: 1024 }, 'How reviews are drawn.'),
  'budget.daily': budget(
    'Most that goes to other machines in a day, warned of at 80 %. What a request may cost at most is set aside before it goes; what would not fit is not sent, so that a part may be left.',
  ),
  'budget.monthly': budget('The same for a calendar month.'),
  'budget.onReached': choice(
    ['local', 'recall'],
    'local',
    'What goes on when a budget is reached: models on this machine, or your own code alone.',
    null,
  ),
  'budget.prices': prices('US dollars a million tokens, by model, where ours are missing or old.'),
  'index.exclude': patterns([], 'Files that are not indexed, besides what the ignore files name.'),
  'index.maxFileKb': number(1024, { min: 1, max: 65536, whole: true }, 'Larger files are not indexed.', lower),
  'index.maxMemoryMb': number(
    600,
    { min: 100, max: 65536, whole: true },
    'Memory for everything together; the nearest code is kept.',
    lower,
  ),
  'privacy.exclude': patterns([], 'Files that are neither indexed, completed nor shown.'),
  'privacy.redact': flag(true, 'Whether secrets are masked in all that goes to a model.', eitherOn),
  'privacy.ledger': flag(true, 'Whether it is written down what went to which model.', eitherOn),
  'privacy.confirm': choice(
    ['never', 'remote', 'always'],
    'never',
    'Whether a prompt is shown and asked about before it goes: to other machines, or to any model.',
    (current, asked) => (strictness.indexOf(asked) > strictness.indexOf(current) ? asked : current),
  ),
  'gate.block': choice(
    ['critical', 'high', 'medium', 'low', 'info'],
    'high',
    'Findings this severe, or worse, are refused; what is less severe is shown as a warning. Syntax errors, secrets and security findings from `high` on are always refused.',
    (current, asked) => (severities.indexOf(asked) > severities.indexOf(current) ? asked : current),
  ),
  'gate.rules': choices(
    ['ignore', 'warn', 'refuse'],
    'What is done about single rules, or all of a validator: `{"names": "warn", "licences/copyleft-header": "refuse"}`.',
  ),
  'gate.licences': licenceLists,
  'gate.tests': choice(
    ['never', 'trusted'],
    'trusted',
    'Whether tests are run, in a sandbox: never, or in workspaces that you trust.',
    (current, asked) => (asked === 'never' ? asked : current),
  ),
  'trust.workspaces': {
    ...choice(
      ['store', 'all', 'none'],
      'store',
      'Where what lies in a workspace may be run (formatters, linters, tests): in those of `understudy trust`, in all that the editor opens, in none. `all` counts only in `initializationOptions`, which no file of a workspace can write.',
      (current, asked) => (trustworthiness.indexOf(asked) < trustworthiness.indexOf(current) ? asked : current),
    ),
    loosenedBy: 'initial',
  },
  'log.level': choice(['error', 'warn', 'info', 'debug'], 'info', 'What is written to the log.', null),
  'log.file': optionalPath('A file that gets the log too. It never holds code.'),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

type Schema = typeof schema;
export type SettingName = keyof Schema;
type SectionOf<Name> = Name extends `${infer Section}.${string}` ? Section : never;
type SectionName = SectionOf<SettingName>;
type ValueOf<S> = S extends Setting<infer Value> ? Value : never;

/** All settings with their values: `settings.inline.enabled`, `settings.backends`. */
export type Settings = {
  readonly [Name in SettingName as Name extends `${string}.${string}` ? never : Name]: ValueOf<Schema[Name]>;
} & {
  readonly [Section in SectionName]: {
    readonly [Name in SettingName as Name extends `${Section}.${infer Short}` ? Short : never]: ValueOf<Schema[Name]>;
  };
};

export const settingNames = Object.keys(schema) as readonly SettingName[];
