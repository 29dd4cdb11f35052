--- A shape: what a schema is, as plain tables. Reflection of either engine makes it, and two of
-- them are compared.
--
-- shape      dialect, tables, partitions, views, enums, sequences, domains (each by its key:
--            "users", "billing.bills"); described (made of models, not read of a database),
--            left_out (columns that include_object refuses: { table, column, type }), counts? (what
--            else a database holds: dialect/…/left_out.lua)
-- table      name, schema?, columns (in order), primary_key?, constraints, indexes, comment?,
--            strict?, without_rowid?, unlogged?, partition_by?, with?, serves? (it has triggers),
--            inherits? (keys of tables)
-- column     name, type, nullable, default?, computed?, identity? { always?, start?, increment?,
--            once? }, serial?, sequence? (that of serial), collation?, comment?; on SQLite
--            on_conflict? (of NOT NULL), in_key?, by_key? (NOT NULL because of the key), is_int?
--            (no rowid, by its spelling); on PostgreSQL kept (how its type is stored), storage?,
--            shared? (statistics that go with it), marks?, comments? (statements that give back
--            what no operation says: marks.lua), used_by? (what is in the way of a change), is_own?
--            (inherited, and its own too)
-- constraint kind ("primary_key", "unique", "check", "foreign_key", "exclude"), name, auto (the
--            database would have chosen this name; on SQLite it has none), columns, deferrable?,
--            initially?, of PostgreSQL with?, marks?, comments?, is_own?, and
--              primary_key  include?, on_conflict?
--              unique       include?, nulls_not_distinct?, on_conflict?
--              check        condition, no_inherit?, not_valid?
--              foreign_key  target, target_schema?, target_columns, ondelete?, ondelete_columns?,
--                           onupdate?, match?, not_valid?
--              exclude      using, elements { { text, operator, is_name } }, where?, include?
-- index      name, unique?, columns { { name } or { text } }, using?, ops?, include?, where?,
--            nulls_not_distinct?, with?, marks?, comments?
-- partition  name, schema?, table, table_schema?, values, partition_by?
-- view       name, schema?, query, columns?, materialized?, indexes, uses { key = true },
--            bears? (what goes with it: { sql, column? }, statements that give it back), names?
--            (of its columns, a set), is_empty? (WITH NO DATA)
-- domain     name, schema?, type: only shown
-- enum       name, schema?, values, marks?, used_by?
-- sequence   name, schema?, type, start?, increment, minvalue?, maxvalue?, cache, cycle?,
--            owned_by?
--
-- Types, defaults and expressions are the database's own text. A schema is nil where it is the one
-- in which the database looks first.
local strict = require("luamig.strict")

local shape = {}

--- A shape without anything in it.
---@param dialect string
---@return table
function shape.new(dialect)
  return { dialect = dialect, tables = {}, partitions = {}, views = {}, enums = {}, sequences = {},
    domains = {} }
end

--- What a thing of a schema goes by.
---@param schema string?
---@param name string
---@return string
function shape.key(schema, name)
  return schema and schema .. "." .. name or name
end

--- Every thing of one kind, in the order of its key.
---@param things table<string, table>
---@return fun(): string?, table?
function shape.each(things)
  local keys, i = strict.sorted_keys(things), 0
  return function()
    i = i + 1
    return keys[i], things[keys[i]]
  end
end

--- The column of this name, or nil.
---@param of table
---@param name string
---@return table?
function shape.column(of, name)
  for _, column in ipairs(of.columns) do
    if column.name == name then
      return column
    end
  end
  return nil
end

return shape
