import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Command, CommandHost, CommandOption, Invocation } from './command.js';
import { findWorkspace } from './workspace.js';

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const commonOptions = {
  json: { type: 'boolean', help: 'One JSON document on stdout, and nothing else.' },
  folder: { type: 'string', value: 'DIR', help: 'The workspace. Default: the one around the current folder.' },
  help: { type: 'boolean', short: 'h', help: 'Show this.' },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** Raises UsageError. */
export function parseCommandLine(command: Command, args: readonly string[], host: CommandHost): Invocation | 'help' {
  const { values, positionals } = parse(command, args);
  if (values['help'] === true) return 'help';
  const [fewest, most] = command.positionals;
  if (positionals.length < fewest) throw new UsageError(`understudy ${command.name} needs ${command.usage}.`);
  const extra = positionals[most];
  if (extra !== undefined) throw new UsageError(`There is one argument too many: ${extra}.`);
  const text = (name: string): string | null => {
    const value = values[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    host,
    positionals,
    flag: name => values[name] === true,
    option: text,
    json: values['json'] === true,
    folder() {
      const asked = text('folder');
      return asked === null ? findWorkspace(host.cwd) : existingFolder(asked, host.cwd);
    },
  };
}

/** Absolute. Raises UsageError where there is no such folder. */
export function existingFolder(path: string, cwd: string): string {
  const absolute = resolve(cwd, path);
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`There is no folder ${absolute}.`);
  if (!found.isDirectory()) throw new UsageError(`${absolute} is not a folder.`);
  return absolute;
}

/** A whole number within bounds, or the fallback where the option is not given. Raises UsageError. */
export function wholeNumber(invocation: Invocation, name: string, fallback: number, most: number): number {
  const text = invocation.option(name);
  if (text === null) return fallback;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new UsageError(`--${name} must be a whole number from 1 to ${most}, not ${text}.`);
  return number;
}

function parse(
  command: Command,
  args: readonly string[],
): { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] } {
  const options = Object.fromEntries(
    Object.entries<CommandOption>({ ...command.options, ...commonOptions }).map(([name, { type, short }]) => [
      name,
      short === undefined ? { type } : { type, short },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // node's own words say which option; what it adds about `--` is no help here.
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw new UsageError(message.endsWith('.') ? message : `${message}.`, { cause: error });
  }
}
