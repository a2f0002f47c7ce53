import type { ServerCapabilities } from 'vscode-languageserver';
import type { ReasonCode } from '../complete/completer.js';
import type { ClientAbilities } from './clientAbilities.js';
import type { Session } from './session.js';

/** One group of LSP methods: what it makes the server declare, and the handlers behind it. One file each in server/features. */
export interface Feature {
  readonly id: string;
  /** Merged into the answer to `initialize`; nothing where the client has no use for it. */
  capabilities?(client: ClientAbilities): Partial<ServerCapabilities>;
  /** Called once, right after the answer to `initialize` was made and before anything else is handled. */
  register(session: Session, handlers: Handlers): void;
}

/** What a feature may register. A method or a command that is registered twice is a bug and throws. */
export interface Handlers {
  request<Params, Result>(definition: RequestDefinition<Params, Result>): void;
  notification<Params>(definition: NotificationDefinition<Params>): void;
  /** A command of workspace/executeCommand; its name must stand in server/features/commands.ts. */
  command(name: string, run: CommandHandler): void;
  /** What was registered so far, for the feature that executes them. */
  readonly commands: ReadonlyMap<string, CommandHandler>;
}

/** The guard around each request answers exactly once: with the result, with `empty`, or with an error the protocol names. */
export interface RequestDefinition<Params, Result> {
  readonly method: string;
  /** Checks what the client sent. Throws a Failure of kind `bad-input`: answered as InvalidParams. */
  read(params: unknown): Params;
  /** Answered when the handler throws, and when a newer request of the same key supersedes this one. */
  readonly empty: Result;
  /** A newer request of the same method and key aborts an older one. */
  supersedeKey?(params: Params): string;
  /** Failures become an error with their message instead of `empty`: for what a person asked for by name. */
  readonly tellsFailures?: boolean;
  handle(params: Params, call: Call): Result | Promise<Result>;
}

export interface NotificationDefinition<Params> {
  readonly method: string;
  read(params: unknown): Params;
  handle(params: Params): void;
}

/** `args` is the first argument, an object, or empty where the editor sent none. */
export type CommandHandler = (args: Readonly<Record<string, unknown>>, call: Call) => unknown;

/** One request under way. */
export interface Call {
  /** Aborted when the client cancels or a newer request supersedes this one. The guard answers by itself then. */
  readonly signal: AbortSignal;
  /** Notes for `understudy/trace` and the counts of the status. Never code. */
  note(note: CallNote): void;
}

export interface CallNote {
  readonly steps?: readonly { readonly name: string; readonly ms: number }[];
  /** What answered, such as `recall`. */
  readonly source?: string;
  /** Where it came from, as `path:line`. */
  readonly origin?: string;
  /** Why the answer is empty. */
  readonly reason?: ReasonCode;
}
