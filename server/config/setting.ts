import { isAbsolute } from 'node:path';
import { isRecord } from '../base/record.js';

/** What one setting is: how a value is read, what it is without one, and how a workspace may tighten it. */
export interface Setting<Value> {
  /** As the settings table shows it. */
  readonly type: string;
  readonly fallback: Value;
  readonly description: string;
  /**
   * The value, or what is wrong with it, as the end of a sentence that begins with the setting's name. Where only parts of a
   * value do not hold, the rest is the value and `problems` says the same of those.
   */
  read(value: unknown): { readonly value: Value; readonly problems?: readonly string[] } | { readonly problem: string };
  /** What holds when a workspace asks for `asked`, never looser than `current`. Absent where a workspace has no say. */
  tighten?(current: Value, asked: Value): Value;
  /**
   * The only source that may loosen it, where not all of the person's may: what an editor sends as its settings it may have read
   * from a file of the workspace, and the user's file holds for every folder that is ever opened.
   */
  readonly loosenedBy?: 'initial';
}

type Tighten<Value> = ((current: Value, asked: Value) => Value) | null;

export function flag(fallback: boolean, description: string, tighten: Tighten<boolean>): Setting<boolean> {
  return {
    type: 'true or false',
    fallback,
    description,
    ...sayOf(tighten),
    read: value => (typeof value === 'boolean' ? { value } : { problem: 'must be true or false' }),
  };
}

export function number(
  fallback: number,
  bounds: { readonly min: number; readonly max: number; readonly whole: boolean },
  description: string,
  tighten: Tighten<number>,
): Setting<number> {
  const { min, max, whole } = bounds;
  const type = `${whole ? 'whole number' : 'number'} from ${min} to ${max}`;
  return {
    type,
    fallback,
    description,
    ...sayOf(tighten),
    read: value =>
      typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))
        ? { value }
        : { problem: `must be a ${type}` },
  };
}

export function choice<const Name extends string>(
  names: readonly Name[],
  fallback: NoInfer<Name>,
  description: string,
  tighten: Tighten<Name>,
): Setting<Name> {
  const type = names.map(name => `"${name}"`).join(', ');
  return {
    type,
    fallback,
    description,
    ...sayOf(tighten),
    read(value) {
      const found = names.find(name => name === value);
      return found === undefined ? { problem: `must be one of ${type}` } : { value: found };
    },
  };
}

/** Patterns in .gitignore syntax. A workspace may add to them. */
export function patterns(fallback: readonly string[], description: string): Setting<readonly string[]> {
  return {
    type: 'list of patterns',
    fallback,
    description,
    // A negated pattern of the workspace could open again what somebody else has closed.
    tighten: (current, asked) => [...new Set([...current, ...asked.filter(pattern => !pattern.startsWith('!'))])],
    read: value =>
      Array.isArray(value) && value.every((item): item is string => typeof item === 'string' && !item.includes('\0'))
        ? { value }
        : { problem: 'must be a list of strings' },
  };
}

/** Names switched on or off. A workspace may switch off. */
export function switches(
  fallback: Readonly<Record<string, boolean>>,
  description: string,
): Setting<Readonly<Record<string, boolean>>> {
  return {
    type: 'object of name: true or false',
    fallback,
    description,
    tighten: (current, asked) => ({
      ...current,
      ...Object.fromEntries(Object.entries(asked).filter(([, on]) => !on)),
    }),
    read: value =>
      isRecord(value) && Object.values(value).every(item => typeof item === 'boolean')
        ? { value: Object.fromEntries(Object.entries(value).map(([name, on]) => [name, on === true])) }
        : { problem: 'must be an object of names with true or false' },
  };
}

/**
 * One of a few words for each name. A workspace may only move along `names`, from the first to the last; where nothing was
 * said of a name, straight to the last.
 */
export function choices<const Name extends string>(
  names: readonly Name[],
  description: string,
): Setting<Readonly<Record<string, Name>>> {
  const type = names.map(name => `"${name}"`).join(', ');
  const find = (value: unknown): Name | undefined => names.find(name => name === value);
  return {
    type: `object of name: ${type}`,
    fallback: {},
    description,
    tighten: (current, asked) => ({
      ...current,
      ...Object.fromEntries(
        Object.entries(asked).filter(([name, word]) => {
          const said = Object.hasOwn(current, name) ? current[name] : undefined;
          return said === undefined ? word === names.at(-1) : names.indexOf(word) > names.indexOf(said);
        }),
      ),
    }),
    read(value) {
      if (!isRecord(value)) return { problem: `must be an object of names with ${type}` };
      const read = Object.entries(value).flatMap(([name, word]): [string, Name][] => {
        const found = find(word);
        return found === undefined ? [] : [[name, found]];
      });
      const problems = Object.entries(value).flatMap(([name, word]) =>
        find(word) === undefined ? [`has at ${JSON.stringify(name)} what is not one of ${type}`] : [],
      );
      return { value: Object.fromEntries(read), ...(problems.length === 0 ? {} : { problems }) };
    },
  };
}

export function optionalPath(description: string): Setting<string | null> {
  return {
    type: 'absolute path or null',
    fallback: null,
    description,
    read: value =>
      value === null || (typeof value === 'string' && isAbsolute(value) && !value.includes('\0'))
        ? { value }
        : { problem: 'must be an absolute path or null' },
  };
}

function sayOf<Value>(tighten: Tighten<Value>): Pick<Setting<Value>, 'tighten'> {
  return tighten === null ? {} : { tighten };
}
