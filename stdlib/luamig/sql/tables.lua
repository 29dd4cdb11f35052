--- `sql.table`: a table that queries speak of, and that models.lua describes.
local arguments = require("luamig.arguments")
local condition = require("luamig.sql.condition")
local kinds = require("luamig.kinds")
local named = require("luamig.sql.named")
local node = require("luamig.node")
local object = require("luamig.sql.object")
local query = require("luamig.sql.query")

local tables = {}

local COLUMNS = {
  "columns",
  kind = "query_columns",
  rest = "names",
  doc = "Names, columns or sql.raw(…).",
}

local function begin(verb)
  return function(self)
    return query.new(verb, self, {})
  end
end

--- The methods of a table.
tables.methods = {
  {
    name = "insert",
    fields = {},
    doc = "INSERT: say :values{ … } or :from_select(…).",
    returns = "luamig.query",
    act = begin("insert"),
  },
  {
    name = "update",
    fields = {},
    doc = "UPDATE: say :set{ … }, and :where(…) or :all().",
    returns = "luamig.query",
    act = begin("update"),
  },
  {
    name = "delete",
    fields = {},
    doc = "DELETE: say :where(…) or :all().",
    returns = "luamig.query",
    act = begin("delete"),
  },
  {
    name = "select",
    fields = { COLUMNS },
    doc = "SELECT of these columns (default: all that are declared).",
    returns = "luamig.query",
    act = function(self, read)
      local columns = named.fields_of(self, read.columns or self.columns)
      return query.new("select", self, { columns = columns })
    end,
  },
}

local class = object.class("table", "table", tables.methods)

kinds.add("table_columns", {
  takes = "string table function node",
  what = "a list of columns or function(t) … end",
  lua = "(string|luamig.item)[]|fun(t: luamig.table_builder)",
  read = function(value)
    if type(value) == "function" then
      return require("luamig.schema").build(value)
    end
    return kinds.read_list(value, "table_column")
  end,
})
kinds.add("table_column", {
  takes = "string node",
  what = "the name of a column, or sql.column(…)",
  lua = "string|luamig.item",
  read = function(value)
    return kinds.read(node.of(value) and "item" or "name", value)
  end,
})

-- What models.lua can say of a table, as create_table can.
local description = {}
for _, field in ipairs(require("luamig.operation.tables")[1].fields) do
  local name = field.name or field[1]
  if field.option and name ~= "schema" and name ~= "if_not_exists" and name ~= "prefixes" then
    description[#description + 1] = field
  end
end

local function options_of(read)
  local options = { renamed_from = read.renamed_from }
  for _, field in ipairs(description) do
    local name = field.name or field[1]
    options[name] = read[name]
  end
  return options
end

local function make_table(read)
  local columns, items = {}, {}
  for _, item in ipairs(read.columns) do
    local is_name = type(item) == "string"
    if is_name or node.of(item) == "column" then
      columns[#columns + 1] = is_name and item or item.name
    end
    if not is_name then
      items[#items + 1] = item
    end
  end
  local made = object.new(class, "table", {
    name = read.name,
    schema = read.schema or false,
    columns = columns,
    items = items,
    options = options_of(read),
  })
  rawset(made, "c", named.columns_of(made))
  return made
end

--- The words of `sql` that belong to queries: their declarations, and the functions by name.
tables.list = {
  {
    name = "table",
    fields = {
      { "name", kind = "name", required = true, doc = "What the table is called." },
      {
        "columns",
        kind = "table_columns",
        required = true,
        rest = "names",
        doc = "Their names, or as create_table takes them.",
      },
      { "schema", option = true, kind = "name", doc = "Where the table is." },
      {
        "renamed_from",
        option = true,
        kind = "name",
        doc = "In models.lua: what it was called before, so that it is renamed.",
      },
      unpack(description),
    },
    returns = "luamig.table",
    doc = "A table, for queries whose values are bound, and for models.lua.",
    example = 'op.execute(sql.table("users", { "id" }):update():set({ id = 7 }):all())',
    make = make_table,
  },
}
for _, word in ipairs(condition.words) do
  tables.list[#tables.list + 1] = word
end

tables.words = {}
for _, definition in ipairs(tables.list) do
  tables.words[definition.name] = arguments.word(definition)
end

return tables
