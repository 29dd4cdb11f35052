--- Operations on many rows.
local kinds = require("luamig.kinds")
local fields = require("luamig.operation.fields")
local node = require("luamig.node")
local strict = require("luamig.strict")

kinds.add("rows", {
  takes = "table function",
  what = "a list of rows or an iterator",
  lua = "table[]|fun(): table?",
  read = function(value)
    if type(value) == "function" then
      return value
    end
    local problem = kinds.list_problem(value)
    if problem then
      return nil, problem
    end
    return value
  end,
})

-- A table by its name, or as models and queries have it.
kinds.add("table", {
  takes = "string node",
  what = 'a string or sql.table("…", …)',
  lua = "string|luamig.table",
  read = function(value)
    if type(value) == "string" then
      return kinds.read("name", value)
    elseif node.of(value) ~= "table" then
      return nil, 'must be the name of a table, or sql.table("…", …)'
    end
    return value
  end,
})

-- Its name and schema in the place of a table.
local function take_table(o)
  if type(o.table) == "table" then
    o.schema = o.schema or o.table.schema or nil
    o.table = o.table.name
  end
end

local CONFLICT = { "error", "nothing" }

-- { key = …, update = … }; without `update`, all other columns.
local function read_conflict(value)
  local read = {}
  for _, word in ipairs(strict.sorted_keys(value)) do
    if word ~= "key" and word ~= "update" then
      return nil, ("has no '%s': it takes key and update%s"):format(
        word, strict.did_you_mean(word, { "key", "update" }))
    end
    local list, problem = kinds.read_list(value[word], "name")
    if problem then
      return nil, ("'%s' %s"):format(word, problem)
    end
    read[word] = list
  end
  if not read.key then
    return nil, 'wants the columns of the key: { key = { "email" }, update = { "name" } }'
  end
  return read
end

kinds.add("conflict", {
  takes = "string table",
  what = '"error", "nothing" or { key = …, update = … }',
  lua = '"error"|"nothing"|{ key: string[], update?: string[] }',
  read = function(value)
    if type(value) == "table" then
      return read_conflict(value)
    elseif value ~= "error" and value ~= "nothing" then
      return nil, ('must be "error", "nothing" or { key = …, update = … }, got "%s"%s'):format(
        value, strict.did_you_mean(value, CONFLICT))
    end
    return value
  end,
})

return {
  {
    name = "bulk_insert",
    fields = {
      { "table", kind = "table", required = true, doc = "The table." },
      {
        "rows",
        kind = "rows",
        required = true,
        doc = "A list of tables { column = value }, or what gives one after the other: a function, "
          .. "db:rows(…), coroutine.wrap(…).",
      },
      {
        "columns",
        option = true,
        kind = "names",
        doc = "Its columns; without them, those of the first row. A row may then be a list too.",
      },
      {
        "map",
        option = true,
        kind = "function",
        doc = "Makes of each row the one to insert; nil leaves it out.",
      },
      {
        "returning",
        option = true,
        kind = "names",
        doc = "The columns to return of every row that is inserted.",
      },
      {
        "on_conflict",
        option = true,
        kind = "conflict",
        doc = '"error", which it is without it; "nothing": such a row is left out; '
          .. '{ key = { "email" }, update = { "name" } }: the row that is there is changed.',
      },
      fields.schema,
    },
    call = true,
    returns = "integer|table[]",
    check = take_table,
    describe = function(o)
      return ("bulk insert into %s"):format(o.table)
    end,
    doc = "Inserts many rows and returns how many, or with `returning` the rows. Every row has the "
      .. "same columns; NULL is null. Numbers given to an identity column move its sequence past "
      .. "them.",
    example = [[
op.bulk_insert("countries", {
  { code = "AT", name = "Austria" },
  { code = "CH", name = "Switzerland" },
})]],
  },
  {
    name = "copy_in",
    fields = {
      fields.table,
      {
        "columns",
        kind = "names",
        required = true,
        doc = "The columns of the rows.",
      },
      {
        "rows",
        kind = "rows",
        required = true,
        doc = "A list of rows, or what gives one after the other. A row is a list of values in the "
          .. "order of the columns, or a table by their names; NULL is null.",
      },
      fields.schema,
    },
    call = true,
    returns = "integer",
    describe = function(o)
      return ("copy into %s"):format(o.table)
    end,
    doc = "Streams rows into a table, on PostgreSQL by COPY, and returns how many.",
    example = [[
local n = 0
op.copy_in("numbers", { "n", "square" }, function()
  n = n + 1
  return n <= 1000 and { n, n * n } or nil
end)]],
  },
}
