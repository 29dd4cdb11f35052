--- What leads from the storage parameters of a table or an index to those of the other.
local ident = require("luamig.dialect.ident")
local strict = require("luamig.strict")

local parameters = {}

--- Adds the operations. `target`: "ALTER TABLE users".
---@param work table
---@param plan table
---@param target string
---@param was table<string, any>?
---@param is table<string, any>?
---@param note string?
function parameters.compare(work, plan, target, was, is, note)
  local function alter(text)
    plan:add("option", { op = "execute", statement = { [work.words.name] = target .. text } }, note)
  end
  was, is = was or {}, is or {}
  for _, name in ipairs(strict.sorted_keys(was)) do
    if is[name] == nil then
      alter((" RESET (%s)"):format(name))
    end
  end
  for _, name in ipairs(strict.sorted_keys(is)) do
    if is[name] ~= was[name] then
      alter((" SET (%s = %s)"):format(name, tostring(is[name])))
    end
  end
end

--- The same of an index, or of that of a constraint.
---@param of table its table
---@param name string
function parameters.compare_index(work, plan, of, name, was, is)
  parameters.compare(work, plan, "ALTER INDEX " .. ident.qualified(of.schema, name), was, is,
    "for what is written from then on; REINDEX makes it hold for all")
end

return parameters
