import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.js';

const run = promisify(execFile);

export interface TerminalOptions {
  /** A folder of the test's own; the socket lies there. */
  readonly scratch: string;
  readonly cwd: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/** A program in a terminal of its own (tmux without the user's configuration): keys go in, the screen comes out. */
export class Terminal {
  readonly #socket: string;
  #serverPid = 0;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  static async start(options: TerminalOptions): Promise<Terminal> {
    const terminal = new Terminal(join(options.scratch, 'tmux.sock'));
    const size = ['-x', String(options.columns ?? 110), '-y', String(options.rows ?? 30)];
    const args = ['-S', terminal.#socket, '-f', '/dev/null', 'new-session', '-d', ...size, '-c', options.cwd];
    const env = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', TERM: 'xterm-256color', ...options.env };
    // `exec` so that the pane's process is the editor and not a shell that outlives it.
    await run('tmux', [...args, `exec ${options.command.map(quote).join(' ')}`], { env });
    await terminal.#tmux('set', '-s', 'escape-time', '0');
    terminal.#serverPid = Number(await terminal.#tmux('display-message', '-p', '#{pid}'));
    return terminal;
  }

  /** Text as it is typed. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
  }

  /** Keys by tmux's names: Enter, Tab, Escape, C-x, M-Right. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** What is on the screen, trailing blanks removed. */
  async screen(): Promise<string> {
    return (await this.#tmux('capture-pane', '-p')).trimEnd();
  }

  /** The same with its colours, as escape sequences. */
  async colouredScreen(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** Where the cursor is, from 0. */
  async cursor(): Promise<{ readonly column: number; readonly row: number }> {
    const [column = 0, row = 0] = (await this.#tmux('display-message', '-p', '#{cursor_x} #{cursor_y}'))
      .split(' ')
      .map(Number);
    return { column, row };
  }

  async showsText(text: string, timeoutMs?: number): Promise<void> {
    await until(
      `the screen shows ${JSON.stringify(text)}`,
      async () => (await this.screen()).includes(text),
      timeoutMs,
    );
  }

  async isRunning(): Promise<boolean> {
    try {
      await this.#tmux('has-session');
      return true;
    } catch {
      return false;
    }
  }

  /** Waits until the program has ended by itself. */
  async ended(): Promise<void> {
    await until('the program in the terminal has ended', async () => !(await this.isRunning()));
  }

  /** The terminal goes, and with it whatever runs in it. */
  kill(): void {
    try {
      process.kill(this.#serverPid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  }

  async #tmux(...args: string[]): Promise<string> {
    return (await run('tmux', ['-S', this.#socket, ...args])).stdout;
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
