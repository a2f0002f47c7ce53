import type { Command, CommandOption, Paint } from './command.js';
import { commonOptions } from './parseCommandLine.js';
import { alignColumns } from './table.js';

export function programHelp(commands: readonly Command[], paint: Paint): string {
  return `${paint.bold('understudy')} learns a workspace and completes your code from it, and with any model you have.
Nothing leaves the machine unless your settings say so.

${paint.bold('As an editor starts it')}
${indented([
  ['understudy --stdio', 'the language server on stdin and stdout'],
  ['understudy --socket PORT', 'the same on a port of this machine'],
  ['understudy --pipe NAME', 'the same on a named pipe or socket file'],
])}
${paint.bold('By hand')}
${indented(commands.map(({ name, usage, summary }) => [`understudy ${name} ${usage}`.trimEnd(), summary]))}
understudy COMMAND --help says more. --version prints the version.
Exit codes: 0 done, 1 findings or nothing to offer, 2 wrong use, 3 failed.
`;
}

export function commandHelp(command: Command, paint: Paint): string {
  const options = Object.entries<CommandOption>({ ...command.options, ...commonOptions });
  return `${paint.bold(`understudy ${command.name}`)} ${command.usage}

${command.description.trim()}

${paint.bold('Options')}
${indented(options.map(([name, option]) => [optionUsage(name, option), option.help]))}`;
}

function optionUsage(name: string, option: CommandOption): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${name}${option.value === undefined ? '' : ` ${option.value}`}`;
}

function indented(rows: readonly (readonly [string, string])[]): string {
  return alignColumns(rows)
    .map(line => `  ${line}\n`)
    .join('');
}
