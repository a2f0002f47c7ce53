-- How Neovim starts Understudy. `vim.lsp.enable('understudy')` uses it; `vim.lsp.config('understudy', {...})` changes it.
---@type vim.lsp.Config
return {
  cmd = { 'understudy', '--stdio' },
  -- No `filetypes`: every text file is completed, also one without a grammar.
  root_markers = {
    { '.git', '.hg', '.understudy' },
    { 'package.json', 'pyproject.toml', 'go.mod', 'Cargo.toml', 'pom.xml', 'build.gradle', 'CMakeLists.txt' },
  },
  -- What LSP has no words for: an answer that has come late, and what the status line shows.
  capabilities = { experimental = { understudy = { completionReady = true } } },
  handlers = {
    ['understudy/completionReady'] = function(_, params)
      require('understudy.late').ready(params)
    end,
    ['understudy/didChangeStatus'] = function(_, status, context)
      require('understudy.status').keep(context.client_id, status)
    end,
  },
}
