import type { Paint } from '../command.js';

/** How each editor is told of the server, as text to copy. `command` starts it. */
export function editorSetup(command: readonly string[], paint: Paint): string {
  const lua = command.map(word => `'${word.replaceAll("'", "\\'")}'`).join(', ');
  const [program = 'understudy', ...args] = command;
  const quoted = args.map(word => JSON.stringify(word)).join(', ');
  return `${paint.bold('Set it up in your editor')}

${paint.cyan('Neovim 0.12 or newer')}: in init.lua
  vim.lsp.config('understudy', { cmd = { ${lua} }, root_markers = { '.git' } })
  vim.lsp.enable('understudy')
  vim.lsp.inline_completion.enable()
  vim.keymap.set('i', '<Tab>', function()
    return vim.lsp.inline_completion.get() and '' or '<Tab>'
  end, { expr = true })
  ${paint.dim('-- clients/neovim adds keys for a word and a line, and for typing on before you accept.')}

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

function shellWord(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
