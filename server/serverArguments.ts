import { parseArgs } from 'node:util';

/** What the first words of the command line ask for. */
export type ServerArguments =
  | { readonly kind: 'version' | 'stdio' }
  | { readonly kind: 'connect'; readonly to: { readonly port: number } | { readonly path: string } }
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  | { readonly kind: 'wrong'; readonly why: string };

/**
 * Options choose a transport; a first word without dashes is a command of the command line. Without any argument a
 * terminal gets help, and a pipe gets the server, since some clients start it that way.
 */
export function readServerArguments(argv: readonly string[], isTerminal: boolean): ServerArguments {
  const [first] = argv;
  if (first === undefined) return isTerminal ? help : { kind: 'stdio' };
  if (!first.startsWith('-')) return { kind: 'command', argv };
  let options;
  try {
    options = parseArgs({ args: [...argv], options: known, strict: true }).values;
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    return { kind: 'wrong', why: `${why}.` };
  }
  if (options.version === true) return { kind: 'version' };
  if (options.help === true) return help;
  const transports = [options.stdio, options.socket, options.pipe].filter(value => value !== undefined);
  if (transports.length > 1) return { kind: 'wrong', why: '--stdio, --socket and --pipe exclude one another.' };
  if (options.socket !== undefined) return readPort(options.socket);
  if (options.pipe !== undefined)
    return options.pipe === ''
      ? { kind: 'wrong', why: '--pipe needs a name.' }
      : { kind: 'connect', to: { path: options.pipe } };
  return { kind: 'stdio' };
}

const help: ServerArguments = { kind: 'command', argv: ['--help'] };

const known = {
  stdio: { type: 'boolean' },
  socket: { type: 'string' },
  pipe: { type: 'string' },
  version: { type: 'boolean', short: 'v' },
  help: { type: 'boolean', short: 'h' },
  /** What VS Code's client library adds on its own. The protocol library reads it. */
  clientProcessId: { type: 'string' },
} as const;

function readPort(value: string): ServerArguments {
  const port = Number(value);
  return /^\d+$/.test(value) && port >= 1 && port <= 65535
    ? { kind: 'connect', to: { port } }
    : { kind: 'wrong', why: '--socket needs a port from 1 to 65535.' };
}
