import { connect, type Socket } from 'node:net';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode, encode, type Packable } from './messagePack.js';
import { Terminal } from './terminal.js';
import { until } from './until.js';

export interface NeovimOptions {
  readonly program: string;
  readonly scratch: string;
  readonly cwd: string;
  /** What a person has in their init.lua. */
  readonly init: string;
  readonly env: Readonly<Record<string, string>>;
  readonly rows?: number;
  readonly columns?: number;
}

/** Neovim as a person has it, in a terminal; beside the keys there is its remote interface, to ask what it knows. */
export class Neovim {
  readonly terminal: Terminal;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (error: unknown, result: unknown) => void>();
  #received: Buffer = Buffer.alloc(0);
  #calls = 0;

  private constructor(terminal: Terminal, socket: Socket) {
    this.terminal = terminal;
    this.#socket = socket;
    socket.on('data', data => this.#receive(data));
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const settle of this.#waiting.values()) settle('Neovim has gone.', null);
    });
  }

  static async start(options: NeovimOptions): Promise<Neovim> {
    const address = join(options.scratch, 'nvim.sock');
    const init = join(options.scratch, 'init.lua');
    await writeFile(init, options.init);
    const command = [options.program, '-u', init, '-i', 'NONE', '-n', '--listen', address];
    const terminal = await Terminal.start({ ...options, command });
    await until('Neovim listens', () => existsSync(address));
    let socket: Socket | null = null;
    // The socket file is there a moment before anybody listens.
    await until('Neovim can be reached', async () => (socket = await tryConnect(address)) !== null);
    if (socket === null) throw new Error('Neovim cannot be reached.');
    const neovim = new Neovim(terminal, socket);
    // It listens before it has read its init.lua.
    await until('Neovim has started', async () => (await neovim.lua('return vim.v.vim_did_enter')) === 1);
    await neovim.lua(noteRequestsLua);
    return neovim;
  }

  /** Runs Lua in the editor; what it returns comes back. */
  async lua(code: string, ...args: Packable[]): Promise<unknown> {
    return this.#call('nvim_exec_lua', code, args);
  }

  /** Keys in Neovim's own notation, such as `ofoo<Esc>`, as if typed. */
  async keys(keys: string): Promise<void> {
    await this.#call('nvim_input', keys);
  }

  /** Text typed as it is. */
  async type(text: string): Promise<void> {
    await this.keys(text.replaceAll('<', '<lt>').replaceAll('\n', '<CR>').replaceAll('\t', '<Tab>'));
  }

  async open(path: string): Promise<void> {
    await this.lua('vim.cmd.edit(...)', path);
  }

  /** Closes the file unsaved: what stands in an open one counts, and half a line speaks against the whole one. */
  async forget(): Promise<void> {
    await this.keys('<Esc>');
    await this.lua('vim.cmd.bwipeout({ bang = true })');
  }

  /** The whole buffer, lines joined. */
  async text(): Promise<string> {
    return String(await this.lua(`return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')`));
  }

  async textIs(text: string): Promise<void> {
    await until(`the text is ${JSON.stringify(text)}`, async () => (await this.text()) === text);
  }

  /** The ghost text on the screen, its lines joined; empty where there is none. */
  async ghostText(): Promise<string> {
    return String(await this.lua(ghostTextLua));
  }

  /** Waits until the workspace is indexed. */
  async serverIsReady(): Promise<void> {
    const state = `${askServerLua}
      local status = ask('understudy/status')
      local folder = status and status.folders[1]
      return folder and status.state == 'ready' and folder.files > 0 and status.recall.files > 0 or false`;
    await until('the workspace is indexed', async () => (await this.lua(state)) === true, 60_000);
  }

  /** What the server answers to a request of its own. */
  async ask(method: string): Promise<unknown> {
    const answer = await this.lua(`${askServerLua} return vim.json.encode(ask(...) or vim.NIL)`, method);
    return JSON.parse(String(answer));
  }

  /** Where the newest suggestion had been seen, as the server's trace has it. */
  async lastOrigin(): Promise<string> {
    const origin = `${askServerLua}
      for _, request in ipairs((ask('understudy/trace') or { requests = {} }).requests) do
        if type(request.origin) == 'string' then return request.origin end
      end
      return ''`;
    return String(await this.lua(origin));
  }

  /** What there is to see when something went wrong: the screen, and what the server says of itself and its last answers. */
  async account(): Promise<string> {
    const state = `${askServerLua}
      local flat = { newline = ' ', indent = '' }
      local lines = { 'clients: ' .. #vim.lsp.get_clients(), vim.inspect(ask('understudy/status'), flat) }
      for index, request in ipairs((ask('understudy/trace') or { requests = {} }).requests) do
        if index > 8 then break end
        lines[#lines + 1] = vim.inspect(request, flat)
      end
      local log = io.open(vim.lsp.log.get_filename(), 'r')
      lines[#lines + 1] = log and log:read('a'):sub(-2000) or 'no log'
      return table.concat(lines, '\\n')`;
    const told = await this.lua(state).catch((error: unknown) => String(error));
    return `${await this.terminal.screen()}\n${String(told)}`;
  }

  /** Whether what the server was asked last was asked where the cursor is now, and has been answered. */
  async lastRequestIsAtCursor(): Promise<boolean> {
    return Boolean(
      await this.lua(`
        local client = vim.lsp.get_clients({ name = 'understudy' })[1]
        for _, request in pairs(client.requests) do
          if request.method == 'textDocument/inlineCompletion' and request.type == 'pending' then return false end
        end
        local at = vim.api.nvim_win_get_cursor(0)
        return vim.deep_equal(_G.asked_at, at)`),
    );
  }

  /** Closes the editor as `:qa!` does and waits until it is gone. */
  async quit(): Promise<void> {
    void this.#call('nvim_command', 'qa!').catch(() => {}); // The answer never comes: the editor is gone.
    await this.terminal.ended();
    this.#socket.destroy();
  }

  /** Kills it as a crash would; nothing of it is asked to end. */
  async dieAtOnce(): Promise<void> {
    process.kill(Number(await this.lua('return vim.uv.os_getpid()')), 'SIGKILL');
    await this.terminal.ended();
    this.#socket.destroy();
  }

  kill(): void {
    this.#socket.destroy();
    this.terminal.kill();
  }

  async #call(method: string, ...params: Packable[]): Promise<unknown> {
    const id = ++this.#calls;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, (error, result) => {
        this.#waiting.delete(id);
        if (error === null) resolve(result);
        else reject(new Error(`${method}: ${describe(error)}`));
      });
    });
    this.#socket.write(encode([0, id, method, params]));
    // A prompt such as "Press ENTER" blocks the editor: that is a failure of ours, and must not hang the test.
    const timer = setTimeout(() => this.#waiting.get(id)?.('Neovim does not answer; is a prompt open?', null), 10_000);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    for (let message = decode(this.#received); message !== null; message = decode(this.#received)) {
      this.#received = this.#received.subarray(message.end);
      if (!Array.isArray(message.value) || message.value[0] !== 1) continue;
      const [, id, error, result] = message.value as readonly unknown[];
      if (typeof id === 'number') this.#waiting.get(id)?.(error, result);
    }
  }
}

function tryConnect(address: string): Promise<Socket | null> {
  return new Promise(resolve => {
    const socket = connect(address);
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(null));
  });
}

const ghostTextLua = `
  local namespace = vim.api.nvim_get_namespaces()['nvim.lsp.inline_completion']
  if not namespace then return '' end
  local lines = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
    local first = {}
    for _, chunk in ipairs(mark[4].virt_text or {}) do first[#first + 1] = chunk[1] end
    lines[#lines + 1] = table.concat(first)
    for _, line in ipairs(mark[4].virt_lines or {}) do
      local rest = {}
      for _, chunk in ipairs(line) do rest[#rest + 1] = chunk[1] end
      lines[#lines + 1] = table.concat(rest)
    end
  end
  return table.concat(lines, '\\n')`;

const askServerLua = `
  local function ask(method)
    local client = vim.lsp.get_clients({ name = 'understudy' })[1]
    local answer = client and client.initialized and client:request_sync(method, vim.empty_dict(), 5000)
    return answer and answer.result
  end`;

/** Remembers where the cursor was when a completion was last answered. */
const noteRequestsLua = `
  vim.api.nvim_create_autocmd('LspRequest', { callback = function(args)
    local request = args.data.request
    if request.method ~= 'textDocument/inlineCompletion' then return end
    if request.type == 'pending' then _G.asking_at = vim.api.nvim_win_get_cursor(0) end
    if request.type == 'complete' then _G.asked_at = _G.asking_at end
  end })`;

function describe(error: unknown): string {
  return Array.isArray(error) ? String(error[1]) : String(error);
}
