import type { Entries } from '../base/entries.js';
import type { Core, CoreOptions } from '../core.js';
import type { OpenGateOptions } from '../validate/openGate.js';
import type { Gate } from '../validate/gate.js';
import type { ModelsOptions } from '../model/createModels.js';
import type { Models } from '../model/models.js';

/** A stream that text is written to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** A sequence that steers the terminal and comes through, such as `31` and `m`; others are shown, not obeyed. */
  readonly control?: (parameter: string, letter: string) => string;
}

/** What the composition root gives the commands: nothing here looks at `process` for itself. */
export interface CommandHost {
  readonly version: string;
  readonly entries: Entries;
  readonly createCore: (options: CoreOptions) => Core | Promise<Core>;
  /** Models alone, for commands that need no index. */
  readonly loadModels: (options: ModelsOptions) => Promise<Models>;
  /** The gate alone. */
  readonly loadGate: (options: OpenGateOptions) => Promise<Gate>;
  /** How an editor starts the server: program and arguments, `--stdio` among them. */
  readonly serverCommand: readonly string[];
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborts when the person presses Ctrl-C. */
  readonly signal: AbortSignal;
}

export const exitCodes = { done: 0, nothing: 1, wrongUse: 2, failed: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface CommandOption {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** What stands for the value in the help, such as `N`. */
  readonly value?: string;
  readonly help: string;
}

/** What the person asked for, and how to answer. */
export interface Invocation {
  readonly host: CommandHost;
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  option(name: string): string | null;
  readonly json: boolean;
  /** Absolute path that exists: `--folder`, or the workspace around the current folder. */
  folder(): string;
}

/** What came out: a document for scripts, lines for people. Only the one that was asked for is made. */
export interface Outcome {
  readonly exit: ExitCode;
  readonly json: unknown;
  readonly text: (paint: Paint) => string;
}

/** Colours where the output is a terminal, plain text elsewhere. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  /** Columns of the terminal; 100 where there is none. */
  readonly columns: number;
}

/** One subcommand. */
export interface Command {
  readonly name: string;
  /** Behind the name in the usage line. */
  readonly usage: string;
  /** One line, for the list. */
  readonly summary: string;
  /** Paragraphs for its own help. */
  readonly description: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Fewest and most positional arguments. */
  readonly positionals: readonly [fewest: number, most: number];
  run(invocation: Invocation): Promise<Outcome>;
}
