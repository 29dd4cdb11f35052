--- Closed tables and one order for their keys.
--
-- Reading a word that a closed table has not is an error with a suggestion, at the migration's own
-- line. Nothing in the stdlib walks a table in the order of `pairs`: it asks `sorted_keys`.
local core = require("luamig.core")

local strict = {}

--- The text keys of a table, sorted by byte.
---@param t table
---@return string[]
function strict.sorted_keys(t)
  local keys = {}
  for key in pairs(t) do
    if type(key) == "string" then
      keys[#keys + 1] = key
    end
  end
  table.sort(keys)
  return keys
end

--- The words of a list as the keys of a table, each of them true.
---@param list any[]
---@return table<any, true>
function strict.set(list)
  local set = {}
  for _, word in ipairs(list) do
    set[word] = true
  end
  return set
end

--- How many keys a table has, places of a list among them.
---@param t table
---@return integer
function strict.count_keys(t)
  local count = 0
  for _ in pairs(t) do
    count = count + 1
  end
  return count
end

--- " (did you mean 'nullable'?)", or "" when nothing is near.
---@param word any
---@param words string[]
---@return string
function strict.did_you_mean(word, words)
  local near = core.nearest(tostring(word), words)
  return near and (" (did you mean '%s'?)"):format(near) or ""
end

--- Closes `t`: a word it has not, and every assignment, is an error that speaks of
-- "op.word", by the prefix "op.".
---@generic T: table
---@param t T
---@param prefix string
---@return T
function strict.close(t, prefix)
  local words = strict.sorted_keys(t)
  return setmetatable(t, {
    __index = function(_, word)
      core.fail(("unknown name '%s%s'%s"):format(
        prefix, tostring(word), strict.did_you_mean(word, words)))
    end,
    __newindex = function(_, word)
      core.fail(("'%s%s' is read-only"):format(prefix, tostring(word)))
    end,
  })
end

return strict
