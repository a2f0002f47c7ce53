import { join } from 'node:path';
import type { Paint } from '../command.js';

/** How each editor is told of the server, as text to copy. `command` starts it; `clients` is the folder of our editors' files, if it is there. */
export function editorSetup(command: readonly string[], clients: string | null, paint: Paint): string {
  const [program = 'understudy', ...args] = command;
  const quoted = args.map(word => JSON.stringify(word)).join(', ');
  return `${paint.bold('Set it up in your editor')}

${paint.cyan('Neovim 0.12 or newer')}: in init.lua
${neovimSetup(command, clients, paint)}

${paint.cyan('Helix')}: in ~/.config/helix/languages.toml, once for each language
  [language-server.understudy]
  command = ${JSON.stringify(program)}
  args = [${quoted}]
  [[language]]
  name = "python"
  language-servers = ["pylsp", { name = "understudy", only-features = ["completion"] }]

${paint.cyan('VS Code and others')}: any client for LSP 3.18 that can start a server
  command  ${command.map(shellWord).join(' ')}
  for      all text files; inline completion where the client has it, its completion menu elsewhere
`;
}

function neovimSetup(command: readonly string[], clients: string | null, paint: Paint): string {
  const lua = `{ ${command.map(luaWord).join(', ')} }`;
  if (clients !== null) {
    return `  vim.opt.runtimepath:append(${luaWord(join(clients, 'neovim'))})
  require('understudy').setup({
    cmd = ${lua},
  })
  ${paint.dim('-- Tab takes the suggestion, Alt-Right its next word, Alt-l its next line, Ctrl-] takes it away.')}`;
  }
  return `  vim.lsp.config('understudy', {
    cmd = ${lua},
    root_markers = { '.git' },
  })
  vim.lsp.enable('understudy')
  vim.lsp.inline_completion.enable()
  vim.keymap.set('i', '<Tab>', function()
    return vim.lsp.inline_completion.get() and '' or '<Tab>'
  end, { expr = true })`;
}

function luaWord(word: string): string {
  return `'${word.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}

function shellWord(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
