--- What every room of the reader looks through: which schemas are read, what they are called in the
-- shape, and the tables and views that were found, by their oid.
--
-- list        the schemas as SQL, for IN (…)
-- shown       by schema, what it is called (false: it is the one that needs no name)
-- is_book     whether a table is one of luamig's own
-- by_id       what read_relations found
-- stand_ins   { pattern, replacement } for each scratch schema that stands for another one
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local settled = require("luamig.dialect.postgresql.settled")

local look = {}
look.__index = look

--- What the name of a schema begins with that stands for another one for a while.
look.SCRATCH = "luamig_scratch_"

--- What belongs to an extension is the extension's affair: a template for an oid and its catalog.
look.NO_EXTENSION = [[NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS e
          WHERE e.objid = %s AND e.classid = '%s'::regclass AND e.deptype = 'e')]]

local function quoted_list(schemas)
  local quoted = {}
  for i, schema in ipairs(schemas) do
    quoted[i] = core.quote(schema)
  end
  return table.concat(quoted, ", ")
end

---@param schemas string[]
---@param shown table<string, string|false>
---@param is_book fun(name: string): boolean
---@return table
function look.new(schemas, shown, is_book)
  local made = setmetatable({ list = quoted_list(schemas), shown = shown, is_book = is_book,
    by_id = {}, stand_ins = {} }, look)
  for _, schema in ipairs(schemas) do
    local name = shown[schema]
    if look.is_scratch(schema) then
      table.insert(made.stand_ins, {
        pattern = ident.quote(schema):gsub("%p", "%%%0") .. "%.",
        replacement = name and ident.quote(name):gsub("%%", "%%%%") .. "." or "",
      })
    end
  end
  return made
end

--- Whether a schema stands for another one.
---@param schema string
---@return boolean
function look.is_scratch(schema)
  return schema:find(look.SCRATCH, 1, true) == 1
end

--- Every row of a query about the schemas that are read.
---@param query string
---@param take fun(row: table)
function look:rows(query, take)
  catalog.list(query:format(self.list), {}, function(row)
    take(row)
    return true
  end)
end

--- The items of an array of the database, as a list; none of NULL.
---@return any[]
function look.list_of(array)
  local list = {}
  for i = 1, array and (array.n or #array) or 0 do
    list[i] = array[i]
  end
  return list
end

--- Storage parameters, as a table of values; nil: none.
---@param options any an array of the database
---@return table<string, string|number>?
function look.settings_of(options)
  local with
  for _, option in ipairs(look.list_of(options)) do
    local name, value = option:match("^([^=]+)=(.*)$")
    with = with or {}
    with[name] = tonumber(value) or value
  end
  return with
end

--- The statements that a database's own things are given back by (marks.lua); nil: none.
---@param schema string
---@param array any
---@return string[]?
function look.marks_of(schema, array)
  local list = look.list_of(array)
  return list[1] and not look.is_scratch(schema) and list or nil
end

--- A whole number that the database gave as text: plain where a plain one has all its digits.
---@param digits string?
---@return number|exact|nil
function look.number(digits)
  local plain = digits and tonumber(digits)
  return plain and (math.abs(plain) < 2 ^ 53 and plain or core.exact(digits)) or nil
end

--- The database's text, where a scratch schema stands for another one.
---@param text string?
---@return string?
function look:said(text)
  if not text then
    return nil
  end
  text = settled.text(text)
  for _, one in ipairs(self.stand_ins) do
    text = text:gsub(one.pattern, one.replacement)
  end
  return text
end

--- What a schema is called in the shape; nil: it needs no name.
---@param schema string
---@return string?
function look:shown_schema(schema)
  local shown = self.shown[schema]
  if shown == nil then
    return schema
  end
  return shown or nil
end

--- Without the parentheses around all of it. With quotes in between nobody can tell by a pattern.
---@param text string?
---@return string?
function look.bare(text)
  if text and text:find("^%b()$") and not text:find("['\"]") then
    return text:sub(2, -2)
  end
  return text
end

--- An expression of an index, which stands in parentheses there, once rather than twice.
---@param text string
---@return string
function look.once_enclosed(text)
  return text:find("^%(%b()%)$") and not text:find("['\"]") and text:sub(2, -2) or text
end

return look
