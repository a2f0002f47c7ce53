import { isRecord } from '../base/record.js';
import { nearestName } from './nearestName.js';
import type { Setting } from './setting.js';
import { schema, settingNames, type SettingName, type Settings } from './schema.js';

/** One source of settings, as it came: nothing in it is trusted to have a shape. */
export interface Layer {
  /** For messages: "the user's settings file", a path. */
  readonly name: string;
  /** `initial`: what the client's own code said when it started the server. `client`: its settings, whoever wrote them. */
  readonly kind: 'user' | 'initial' | 'client' | 'workspace';
  readonly values: unknown;
}

export interface Resolved {
  readonly settings: Settings;
  /** One sentence for each value that does not hold, and why. */
  readonly problems: readonly string[];
}

/** Layers come weakest first. A workspace's may only make stricter. Never throws. */
export function resolveSettings(layers: readonly Layer[]): Resolved {
  const problems: string[] = [];
  const values = new Map<SettingName, unknown>(settingNames.map(name => [name, schema[name].fallback]));
  const ordered = [
    ...layers.filter(layer => layer.kind !== 'workspace'),
    ...layers.filter(layer => layer.kind === 'workspace'),
  ];
  for (const layer of ordered) {
    for (const { name, value } of entriesOf(layer, problems)) apply(layer, name, value);
  }
  return { settings: nest(values), problems };

  function apply(layer: Layer, name: SettingName, value: unknown): void {
    const setting: Setting<unknown> = schema[name];
    const read = setting.read(value);
    if ('problem' in read) {
      problems.push(`${layer.name}: ${name} ${read.problem}; what held before stays.`);
      return;
    }
    for (const problem of read.problems ?? []) problems.push(`${layer.name}: ${name} ${problem}; the others hold.`);
    const current = values.get(name);
    const isFree =
      layer.kind !== 'workspace' && (setting.loosenedBy === undefined || setting.loosenedBy === layer.kind);
    if (isFree) values.set(name, read.value);
    else if (setting.tighten === undefined)
      problems.push(`${layer.name}: ${name} cannot be set by a workspace; put it into your own settings.`);
    else {
      const tightened = setting.tighten(current, read.value);
      values.set(name, tightened);
      if (!isAsAsked(tightened, read.value))
        problems.push(
          `${layer.name}: ${name} can only be made stricter ${whereOf(layer)}; the looser part is ignored.`,
        );
    }
  }
}

function whereOf({ kind }: Layer): string {
  return kind === 'workspace' ? 'by a workspace' : 'here';
}

function entriesOf(layer: Layer, problems: string[]): { readonly name: SettingName; readonly value: unknown }[] {
  const values = unwrap(layer.values);
  if (values === null || values === undefined) return [];
  if (!isRecord(values)) {
    problems.push(`${layer.name}: settings must be an object.`);
    return [];
  }
  const found: { name: SettingName; value: unknown }[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (isSettingName(key)) add(key, value);
    else if (!sections.has(key)) unknownName(key, [...sections]);
    else if (isRecord(value)) for (const [short, inner] of Object.entries(value)) addNamed(`${key}.${short}`, inner);
    else if (!isUnset(value)) problems.push(`${layer.name}: ${key} must be an object.`);
  }
  return found;

  function addNamed(name: string, value: unknown): void {
    if (isSettingName(name)) add(name, value);
    else unknownName(name, settingNames);
  }

  /** Null and absent mean "not set", except where null is a value. */
  function add(name: SettingName, value: unknown): void {
    if (!isUnset(value) || (value === null && schema[name].fallback === null)) found.push({ name, value });
  }

  function unknownName(name: string, known: readonly string[]): void {
    const nearest = nearestName(name, known);
    const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
    problems.push(`${layer.name}: there is no setting ${name.slice(0, 80)}.${hint}`);
  }
}

const sections: ReadonlySet<string> = new Set(settingNames.map(name => name.split('.', 1)[0] ?? name));

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(schema, name);
}

function isUnset(value: unknown): boolean {
  return value === null || value === undefined;
}

/** Some clients send `{understudy: {…}}`, others the object itself. */
function unwrap(values: unknown): unknown {
  return isRecord(values) && isRecord(values['understudy']) ? values['understudy'] : values;
}

/** Lists and switches are added to, so that each thing asked for must be in the result; other values must be equal. */
function isAsAsked(result: unknown, asked: unknown): boolean {
  if (Array.isArray(asked)) return Array.isArray(result) && asked.every(item => result.includes(item));
  if (isRecord(asked)) return isRecord(result) && Object.entries(asked).every(([key, value]) => result[key] === value);
  return Object.is(result, asked);
}

function nest(values: ReadonlyMap<SettingName, unknown>): Settings {
  const nested: Record<string, unknown> = {};
  const sectionsByName = new Map<string, Record<string, unknown>>();
  for (const [name, value] of values) {
    const dot = name.indexOf('.');
    if (dot < 0) nested[name] = value;
    else {
      const section = sectionsByName.get(name.slice(0, dot)) ?? {};
      sectionsByName.set(name.slice(0, dot), section);
      section[name.slice(dot + 1)] = value;
    }
  }
  for (const [name, section] of sectionsByName) nested[name] = Object.freeze(section);
  // Every name of the schema is in `values`, each read by its own setting: the shape is that of Settings.
  return Object.freeze(nested) as unknown as Settings;
}

/** What holds when nobody said anything. */
export function defaultSettings(): Settings {
  return resolveSettings([]).settings;
}
