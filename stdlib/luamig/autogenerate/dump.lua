--- A shape written down: as models.lua, or as the SQL that makes it.
local compare = require("luamig.autogenerate.compare")
local compile = require("luamig.compile")
local counted = require("luamig.autogenerate.counted")
local nodes = require("luamig.autogenerate.nodes")
local object_nodes = require("luamig.autogenerate.object_nodes")
local partitions = require("luamig.autogenerate.partitions")
local shape = require("luamig.autogenerate.shape")
local spell = require("luamig.autogenerate.spell")
local lua = require("luamig.autogenerate.spell_words")
local sqlite_enums = require("luamig.autogenerate.sqlite_enums")
local strict = require("luamig.strict")
local tables = require("luamig.sql.tables")
local types = require("luamig.sql.types")
local views = require("luamig.autogenerate.views")

local dump = {}

local words_of_sql = {}
for _, list in ipairs({ tables.list, require("luamig.sql.schema_objects").list }) do
  for _, definition in ipairs(list) do
    words_of_sql[definition.name] = definition
  end
end

local function all()
  return true
end

local function indented(text)
  return (text:gsub("\n([^\n])", "\n  %1"))
end

-- A text between long brackets keeps its lines as they are.
local function add(parts, text)
  local made, at = {}, 1
  while at do
    local first, last = text:find("%[(=*)%[\n.-%]%1%]", at)
    made[#made + 1] = indented(text:sub(at, (first or 0) - 1))
    made[#made + 1] = first and text:sub(first, last) or ""
    at = last and last + 1
  end
  parts[#parts + 1] = "  " .. table.concat(made) .. ","
end

--- The comment that says what a dump does not hold; "" where it holds everything. Lua and SQL write
-- comments alike.
---@param counts table[] what left_out.lua gives
---@return string
function dump.head(counts)
  local said = counted.text(counts)
  return said and ("-- Not in here, and not compared: %s.\n"):format(said) or ""
end

--- As models.lua.
---@param words table
---@param of table
---@return string
function dump.models(words, of)
  if words.name == "sqlite" then
    sqlite_enums.settle_alone(of)
  end
  local parts = { "return {" }
  for _, e in shape.each(of.enums) do
    add(parts, lua.call("sql.enum", types.by_name.enum, { type_name = e.name,
      values = e.values, schema = e.schema }))
  end
  for _, s in shape.each(of.sequences) do
    add(parts, lua.call("sql.sequence", words_of_sql.sequence, object_nodes.create_sequence(s)))
  end
  for _, one in shape.each(of.tables) do
    -- Models say what shall be: a NOT VALID constraint is one that is still to be validated.
    for _, c in ipairs(one.constraints) do
      c.not_valid = nil
    end
    add(parts, spell.table("sql.table", words_of_sql.table, nodes.create_table(words, one)))
  end
  for _, key in ipairs(partitions.sorted(of, strict.sorted_keys(of.partitions))) do
    add(parts, lua.call("sql.partition", words_of_sql.partition,
      object_nodes.create_partition(of.partitions[key])))
  end
  for _, key in ipairs(views.sorted(of.views, all)) do
    add(parts, lua.call("sql.view", words_of_sql.view, object_nodes.view(of.views[key])))
  end
  parts[#parts + 1] = "}\n"
  return table.concat(parts, "\n")
end

--- As SQL.
---@param words table
---@param of table
---@return string
function dump.sql(words, of)
  local nothing = shape.new(of.dialect)
  local parts = {}
  for _, o in ipairs((compare.shapes(words, nothing, of, {}))) do
    for _, statement in ipairs(compile.statements(o, nil)) do
      local text = statement.sql
      parts[#parts + 1] = text and text:gsub("%s*;?%s*$", "") .. ";"
    end
  end
  return #parts > 0 and table.concat(parts, "\n") .. "\n" or ""
end

return dump
