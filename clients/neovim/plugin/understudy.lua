if vim.g.loaded_understudy then
  return
end
vim.g.loaded_understudy = true

local function understudy()
  return require('understudy')
end

local plugs = { Accept = 'accept', AcceptWord = 'accept_word', AcceptLine = 'accept_line', Dismiss = 'dismiss', Request = 'request' }
for name, action in pairs(plugs) do
  vim.keymap.set('i', ('<Plug>(Understudy%s)'):format(name), function()
    understudy()[action]()
  end)
end

vim.api.nvim_create_autocmd('LspRequest', {
  group = vim.api.nvim_create_augroup('understudy', {}),
  callback = function(event)
    local request = event.data.request
    if request.method == 'textDocument/inlineCompletion' and request.type == 'pending' then
      require('understudy.late').note(event.buf)
    end
  end,
})

vim.api.nvim_create_user_command('UnderstudyStatus', function()
  understudy().status()
end, { desc = 'Show what Understudy is doing' })

vim.api.nvim_create_user_command('UnderstudyToggle', function(call)
  understudy().command('understudy.toggle', { scope = call.args ~= '' and call.args or 'all' })
end, {
  nargs = '?',
  complete = function()
    return { 'file', 'language', 'all' }
  end,
  desc = 'Turn suggestions off or on, for a file, a language or everywhere',
})

vim.api.nvim_create_user_command('UnderstudySnooze', function(call)
  understudy().command('understudy.snooze', { minutes = tonumber(call.args) or 60 })
end, { nargs = '?', desc = 'No suggestions for some minutes (60); 0 wakes it' })
