import { exitCodes, type Command, type CommandHost, type ExitCode, type Invocation } from './command.js';
import { commands } from './commands.js';
import { commandHelp, programHelp } from './help.js';
import { parseCommandLine, UsageError } from './parseCommandLine.js';
import { createPaint } from './paint.js';
import { describeProblem } from './problem.js';
import { guardTerminal } from './terminal.js';

/**
 * Runs `understudy SUBCOMMAND …` and resolves with the exit code; never rejects. `argv` begins with the subcommand.
 * The result goes to stdout, all else to stderr.
 */
export async function runCommand(argv: readonly string[], bare: CommandHost): Promise<ExitCode> {
  const host = { ...bare, stdout: guardTerminal(bare.stdout), stderr: guardTerminal(bare.stderr) };
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    host.stdout.write(helpFor(rest[0], host));
    return exitCodes.done;
  }
  const command = commands.find(candidate => candidate.name === name);
  if (command === undefined) return complain(host, `There is no command ${name}.`, 'understudy --help lists them.');
  return runOne(command, rest, host);
}

/** Whether a word names a subcommand: the composition root asks, to tell it from the server's own options. */
export function isCommandName(word: string): boolean {
  return word === 'help' || commands.some(command => command.name === word);
}

async function runOne(command: Command, args: readonly string[], host: CommandHost): Promise<ExitCode> {
  let invocation: Invocation | 'help';
  try {
    invocation = parseCommandLine(command, args, host);
    if (invocation === 'help') {
      host.stdout.write(commandHelp(command, createPaint(host.stdout, host.env)));
      return exitCodes.done;
    }
  } catch (error) {
    return reject(error, command, host, args.includes('--json'));
  }
  try {
    const outcome = await command.run(invocation);
    const text = invocation.json
      ? `${JSON.stringify(outcome.json, null, 2)}\n`
      : outcome.text(createPaint(host.stdout, host.env));
    host.stdout.write(text);
    return outcome.exit;
  } catch (error) {
    return reject(error, command, host, invocation.json);
  }
}

function reject(error: unknown, command: Command, host: CommandHost, json: boolean): ExitCode {
  if (host.signal.aborted) {
    if (json) host.stdout.write(`${JSON.stringify({ error: { kind: 'cancelled', message: 'Stopped.' } })}\n`);
    host.stderr.write('Stopped.\n');
    return exitCodes.failed;
  }
  const { kind, message, remedy } = describeProblem(error);
  if (json) host.stdout.write(`${JSON.stringify({ error: { kind, message, remedy } }, null, 2)}\n`);
  const hint = error instanceof UsageError ? `understudy ${command.name} --help shows how.` : remedy;
  complain(host, message, hint);
  return error instanceof UsageError ? exitCodes.wrongUse : exitCodes.failed;
}

function complain(host: CommandHost, message: string, hint: string | null): ExitCode {
  const paint = createPaint(host.stderr, host.env);
  host.stderr.write(`${paint.red('understudy:')} ${message}\n${hint === null ? '' : `${hint}\n`}`);
  return exitCodes.wrongUse;
}

function helpFor(name: string | undefined, host: CommandHost): string {
  const paint = createPaint(host.stdout, host.env);
  const command = commands.find(candidate => candidate.name === name);
  return command === undefined ? programHelp(commands, paint) : commandHelp(command, paint);
}
