--- What the core takes of a statement of a migration: a text, one for each engine, or a query.
local core = require("luamig.core")
local node = require("luamig.node")

local query_text = {}

-- The pieces of a query of sql.table, which brings its values along.
local function pieces_of(query, params, word)
  if params ~= nil then
    core.fail(word .. ": a query of sql.table has its values already",
      "leave the parameters out")
  end
  local dialect = require("luamig.dialect." .. core.dialect())
  return require("luamig.dialect.query").pieces(dialect.words, query)
end

--- Of a text, { sqlite = …, postgresql = … }, sql.raw(…) or a query. `word`: who asks, for errors.
---@param query luamig.statement
---@param params luamig.params?
---@param word string
---@return string|table[]
function query_text.of(query, params, word)
  if type(query) == "string" then
    return query
  end
  local kind = node.of(query)
  if kind == "raw" then
    return query.text
  elseif kind == "query" then
    return pieces_of(query, params, word)
  elseif type(query) == "table" and (query.sqlite or query.postgresql) then
    local dialect = core.dialect()
    if not query[dialect] then
      core.fail(word .. " has no text for " .. dialect)
    end
    return query[dialect]
  end
  core.fail(word .. " takes a text or a query, not " ..
    (kind and "sql." .. kind or "a " .. core.type(query)))
end

return query_text
