-- Keys for Understudy's ghost text. The server does the work; here is only what Neovim cannot know by itself.
local M = {}

--- Neovim 0.12 accepts with the range of the request even when more has been typed since, which doubles text.
--- Stretches the range to the cursor where what was typed follows the suggestion, and drops the suggestion where not.
---@param item vim.lsp.inline_completion.Item
---@return vim.lsp.inline_completion.Item?
local function follow_typing(item)
  if type(item.insert_text) ~= 'string' or not item.range then
    return item
  end
  local cursor = vim.api.nvim_win_get_cursor(0)
  local row, column = cursor[1] - 1, cursor[2]
  local start_row, start_column, end_row, end_column = item.range:to_extmark()
  if row ~= start_row or row ~= end_row or column < start_column then
    return nil
  end
  local typed = vim.api.nvim_buf_get_text(0, row, start_column, row, column, {})[1]
  if not vim.startswith(item.insert_text, typed) then
    return nil
  end
  if column > end_column then
    item.range = vim.range.extmark(0, start_row, start_column, row, column)
  end
  return item
end

--- Keeps the part of a suggestion that `last` finds behind the cursor.
---@param last fun(ahead: string): integer  how many bytes of the text ahead of the cursor to take
local function take(last)
  return vim.lsp.inline_completion.get({
    on_accept = function(item)
      item = follow_typing(item)
      if not item or type(item.insert_text) ~= 'string' or not item.range then
        return item
      end
      local _, start_column = item.range:to_extmark()
      local typed = vim.api.nvim_win_get_cursor(0)[2] - start_column
      local ahead = item.insert_text:sub(typed + 1)
      local bytes = last(ahead)
      if bytes < #ahead then
        -- The command tells the server that all of it was taken.
        item.command = nil
        item.insert_text = item.insert_text:sub(1, typed + bytes)
        -- What stands right of the cursor is replaced by the whole suggestion only.
        item.range = vim.range.extmark(0, vim.api.nvim_win_get_cursor(0)[1] - 1, start_column, vim.api.nvim_win_get_cursor(0)[1] - 1, start_column + typed)
      end
      return item
    end,
  })
end

--- Takes the whole suggestion. False where none is shown, so that the key can do what it did before.
---@return boolean
function M.accept()
  return vim.lsp.inline_completion.get({ on_accept = follow_typing })
end

--- Takes the next word or mark, with the blanks before it.
---@return boolean
function M.accept_word()
  return take(function(ahead)
    local _, last = ahead:find('^%s*[%w_\128-\255]+')
    if not last then
      _, last = ahead:find('^%s*[^%w_%s\128-\255]+')
    end
    return last or #ahead
  end)
end

--- Takes the rest of the line, or the next line where the cursor is at the end of one.
---@return boolean
function M.accept_line()
  return take(function(ahead)
    local line_end = ahead:find('\n', 2, true)
    return line_end and line_end - 1 or #ahead
  end)
end

--- Takes the suggestion away without leaving insert mode.
function M.dismiss()
  local shown = M.completor()
  if shown then
    shown:abort()
  end
end

--- Asks now, also where suggestions are set to manual or snoozed typing has not asked yet.
function M.request()
  require('understudy.late').ask(true)
end

--- Neovim has no public call for this; should the private one move, the key does nothing and nothing breaks.
function M.completor()
  local found, capability = pcall(require, 'vim.lsp._capability')
  local inline = found and capability.all and capability.all.inline_completion
  return inline and inline.active[vim.api.nvim_get_current_buf()] or nil
end

---@param command string
---@param argument table
function M.command(command, argument)
  local client = vim.lsp.get_clients({ name = 'understudy', bufnr = 0 })[1]
  if not client then
    vim.notify('Understudy is not running in this buffer.', vim.log.levels.WARN)
    return
  end
  argument.uri = vim.uri_from_bufnr(0)
  client:exec_cmd({ title = command, command = command, arguments = { argument } }, { bufnr = 0 })
end

--- Shows what Understudy is doing in this workspace.
function M.status()
  require('understudy.status').show()
end

--- For a status line, as in `vim.o.statusline = "%f %=%{v:lua.require'understudy'.statusline()}"`.
---@return string
function M.statusline()
  return require('understudy.status').line()
end

---@class understudy.Options
---@field settings? table the settings of the README, without a wrapper
---@field cmd? string[] how to start the server
---@field keys? { accept?: string|false, word?: string|false, line?: string|false, dismiss?: string|false, request?: string|false }

--- Starts the server for every file, shows ghost text, and sets the keys. Calling it is optional: all of it can be done by hand.
---@param options? understudy.Options
function M.setup(options)
  options = options or {}
  local config = {}
  if options.cmd then
    config.cmd = options.cmd
  end
  if options.settings then
    config.init_options = options.settings
    config.settings = { understudy = options.settings }
  end
  vim.lsp.config('understudy', config)
  vim.lsp.enable('understudy')
  vim.lsp.inline_completion.enable()
  local keys = vim.tbl_extend(
    'force',
    { accept = '<Tab>', word = '<M-Right>', line = '<M-l>', dismiss = '<C-]>', request = '<M-\\>' },
    options.keys or {}
  )
  local function map(key, action, title)
    if key then
      vim.keymap.set('i', key, function()
        return action() and '' or key
      end, { expr = true, desc = 'Understudy: ' .. title })
    end
  end
  map(keys.accept, M.accept, 'take the suggestion')
  map(keys.word, M.accept_word, 'take its next word')
  map(keys.line, M.accept_line, 'take its next line')
  for key, action in pairs({ dismiss = M.dismiss, request = M.request }) do
    if keys[key] then
      vim.keymap.set('i', keys[key], action, { desc = 'Understudy: ' .. key .. ' the suggestion' })
    end
  end
end

return M
