-- A model's answer that comes after its request was answered: the server says so, and here it is asked for again, so that
-- it is seen without typing on. Should Neovim's private call for that move, nothing happens and nothing breaks.
local M = {}

---@class understudy.Asked
---@field cursor [integer, integer]
---@field tick integer  of the text
---@field by_key boolean

--- What was asked last, by buffer.
---@type table<integer, understudy.Asked>
local asked = {}

--- Whether the next request comes from a key and not from typing.
local by_key = false

--- Where a buffer's text and cursor are.
local function here(bufnr)
  return { cursor = vim.api.nvim_win_get_cursor(0), tick = vim.api.nvim_buf_get_changedtick(bufnr), by_key = by_key }
end

--- Asks for suggestions at the cursor, as a key or as typing does.
---@param key boolean
function M.ask(key)
  local found, capability = pcall(require, 'vim.lsp._capability')
  local inline = found and capability.all and capability.all.inline_completion
  local shown = inline and inline.active[vim.api.nvim_get_current_buf()]
  if not shown then
    return
  end
  local kinds = vim.lsp.protocol.InlineCompletionTriggerKind
  by_key = key
  pcall(shown.request, shown, key and kinds.Invoked or kinds.Automatic)
  by_key = false
end

--- Remembers where a request was made.
---@param bufnr integer
function M.note(bufnr)
  if bufnr == vim.api.nvim_get_current_buf() then
    asked[bufnr] = here(bufnr)
  end
end

--- Only while the person still waits there: in insert mode, with text and cursor as they were.
---@param params { uri: string }
function M.ready(params)
  local bufnr = vim.api.nvim_get_current_buf()
  local before = asked[bufnr]
  if not before or vim.uri_from_bufnr(bufnr) ~= params.uri or not vim.startswith(vim.api.nvim_get_mode().mode, 'i') then
    return
  end
  local now = here(bufnr)
  if before.tick == now.tick and vim.deep_equal(before.cursor, now.cursor) then
    M.ask(before.by_key)
  end
end

return M
