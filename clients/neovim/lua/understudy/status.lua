-- What Understudy is doing, for a person and for a status line.
local M = {}

--- What each server has told last.
---@type table<integer, table>
local told = {}

---@param client_id integer
---@param status table
function M.keep(client_id, status)
  told[client_id] = status
  vim.cmd.redrawstatus()
end

--- The first of what completes, as the server would ask them, that is up.
local function model_in_use(status)
  for _, link in ipairs(status.tasks and status.tasks.inline or {}) do
    for _, backend in ipairs(status.backends or {}) do
      if backend.state == 'ready' and vim.startswith(link, backend.name .. '/') then
        return link:sub(#backend.name + 2)
      end
    end
  end
  return 'recall'
end

--- For a status line: the model in use, `recall` where the person's own code alone answers, or what keeps it from answering.
---@return string  empty where Understudy does not run
function M.line()
  local client = vim.lsp.get_clients({ name = 'understudy', bufnr = 0 })[1]
  if not client then
    return ''
  end
  local status = told[client.id]
  if not status then
    return 'understudy'
  end
  if status.state ~= 'ready' and status.state ~= 'degraded' then
    return 'understudy: ' .. status.state
  end
  return 'understudy: ' .. model_in_use(status)
end

---@param status table
---@return string[]
local function describe(status)
  local lines = { ('Understudy: %s. %s'):format(status.state, status.message) }
  for _, folder in ipairs(status.folders) do
    lines[#lines + 1] = ('%s: %d files, %d to be read'):format(vim.uri_to_fname(folder.uri), folder.files, folder.pending)
  end
  for _, backend in ipairs(status.backends or {}) do
    local model = type(backend.model) == 'string' and backend.model or 'no model'
    local why = type(backend.why) == 'string' and backend.why ~= '' and (' ' .. backend.why) or ''
    lines[#lines + 1] = ('%s (%s): %s, %s.%s'):format(backend.name, backend.host, model, backend.state, why)
  end
  return lines
end

--- Asks the server and shows its answer.
function M.show()
  local client = vim.lsp.get_clients({ name = 'understudy', bufnr = 0 })[1]
  if not client then
    vim.notify('Understudy is not running in this buffer.', vim.log.levels.WARN)
    return
  end
  client:request('understudy/status', vim.empty_dict(), function(err, status)
    if err or not status then
      vim.notify('Understudy does not answer.', vim.log.levels.ERROR)
      return
    end
    vim.notify(table.concat(describe(status), '\n'))
  end)
end

return M
