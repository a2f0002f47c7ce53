import { choice, flag, number, optionalPath, patterns, switches, type Setting } from './setting.js';

const bothOn = (current: boolean, asked: boolean): boolean => current && asked;
const higher = Math.max;
const lower = Math.min;

/**
 * Every setting, once: types are inferred from here, the table of the README is generated from here, and nothing else
 * lists settings. Keys are `section.name`.
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
  'index.exclude': patterns([], 'Files that are not indexed, besides what the ignore files name.'),
  'index.maxFileKb': number(1024, { min: 1, max: 65536, whole: true }, 'Larger files are not indexed.', lower),
  'index.maxMemoryMb': number(
    600,
    { min: 100, max: 65536, whole: true },
    'Memory for everything together; the nearest code is kept.',
    lower,
  ),
  'privacy.exclude': patterns([], 'Files that are neither indexed, completed nor shown.'),
  'log.level': choice(['error', 'warn', 'info', 'debug'], 'info', 'What is written to the log.', null),
  'log.file': optionalPath('A file that gets the log too. It never holds code.'),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

type Schema = typeof schema;
export type SettingName = keyof Schema;
type SectionName = SettingName extends infer Name
  ? Name extends `${infer Section}.${string}`
    ? Section
    : never
  : never;
type ValueOf<S> = S extends Setting<infer Value> ? Value : never;

/** All settings with their values: `settings.inline.enabled`. */
export type Settings = {
  readonly [Section in SectionName]: {
    readonly [Name in SettingName as Name extends `${Section}.${infer Short}` ? Short : never]: ValueOf<Schema[Name]>;
  };
};

export const settingNames = Object.keys(schema) as readonly SettingName[];
