--- The shape of schemas of PostgreSQL (autogenerate/shape.lua): one query for each kind of thing.
local look = require("luamig.dialect.postgresql.shape.look")
local columns = require("luamig.dialect.postgresql.shape.columns")
local constraints = require("luamig.dialect.postgresql.shape.constraints")
local enums = require("luamig.dialect.postgresql.shape.enums")
local indexes = require("luamig.dialect.postgresql.shape.indexes")
local partitions = require("luamig.dialect.postgresql.shape.partitions")
local relations = require("luamig.dialect.postgresql.shape.relations")
local sequences = require("luamig.dialect.postgresql.shape.sequences")
local shape = require("luamig.autogenerate.shape")
local views = require("luamig.dialect.postgresql.shape.views")

local reader = {}

--- Reads the schemas of a list. `shown`: by schema, what it is called in the shape (false: it is
-- the one that needs no name); `is_book(name)`: whether a table is one of luamig's own.
---@param schemas string[]
---@param shown table<string, string|false>
---@param is_book fun(name: string): boolean
---@return table
function reader.read(schemas, shown, is_book)
  local into = shape.new("postgresql")
  local at = look.new(schemas, shown, is_book)
  relations.read(at, into)
  relations.read_inherits(at)
  partitions.read(at, into)
  columns.read(at)
  constraints.read(at)
  indexes.read(at)
  views.read_uses(at)
  views.read_bears(at)
  views.read_columns(at)
  enums.read(at, into)
  enums.read_domains(at, into)
  sequences.read(at, into)
  return into
end

return reader
