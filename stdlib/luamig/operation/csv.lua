--- Operations between tables and CSV files.
local fields = require("luamig.operation.fields")
local kinds = require("luamig.kinds")
local core = require("luamig.core")

kinds.add("delimiter", {
  takes = "string",
  what = "one character",
  lua = "string",
  read = function(value)
    if #value ~= 1 or value:find("[\"\r\n%z\128-\255]") then
      return nil, "must be one character, as ';'"
    end
    return value
  end,
})

kinds.add("nulls", {
  takes = "string table",
  what = "a list of texts",
  lua = "string|string[]",
  read = function(value)
    local list = type(value) == "table" and value or { value }
    local problem = kinds.list_problem(list)
    if problem then
      return nil, problem
    end
    for i, item in ipairs(list) do
      if type(item) ~= "string" then
        return nil, ("item %d must be a string, got a %s"):format(i, core.type(item))
      end
    end
    return list
  end,
})

kinds.add("null_text", { takes = "string", what = "a string", lua = "string" })

kinds.add("count", {
  takes = "number",
  what = "a whole number from 0",
  lua = "integer",
  read = function(value)
    if value % 1 ~= 0 or value < 0 or value >= 2 ^ 53 then
      return nil, ("must be a whole number from 0, got %s"):format(tostring(value))
    end
    return value
  end,
})

kinds.add("header", {
  takes = "boolean table",
  what = "true, false or a list of names",
  lua = "boolean|string[]",
  read = function(value)
    if type(value) == "boolean" then
      return value
    end
    return kinds.read_list(value, "name")
  end,
})

kinds.add("query", {
  takes = "string node table",
  what = "a query or the name of a table",
  lua = "luamig.statement",
  read = function(value)
    if value == "" then
      return nil, "must not be empty"
    end
    return value
  end,
})

local DELIMITER = {
  "delimiter",
  option = true,
  kind = "delimiter",
  default = ",",
  doc = "What stands between two fields.",
}

local function refuse_repeated(o, names)
  local seen = {}
  for _, name in ipairs(names) do
    if seen[name] then
      core.fail(("%s: 'columns' names '%s' twice"):format(o.op, name))
    end
    seen[name] = true
  end
end

local function check_import(o)
  if not (o.header or o.columns) then
    core.fail("import_csv: 'columns' is missing: without a header nothing names the fields",
      'columns = { "code", "name" }')
  elseif o.header and o.fn and o.columns then
    core.fail("import_csv: 'columns' is for a file without a header, or without a function",
      "the function says which columns it gives")
  end
  refuse_repeated(o, o.columns or {})
end

return {
  {
    name = "import_csv",
    fields = {
      {
        "path",
        kind = "text",
        required = true,
        doc = "The file, in the migrations directory or below it.",
      },
      {
        "fn",
        kind = "function",
        doc = "What becomes of a line: function(line). It sees the fields as texts, NULL as nil, "
          .. "and returns a table of columns, nil to leave the line out, or "
          .. '`"reject", "why"`.',
      },
      {
        "table",
        option = true,
        required = true,
        kind = "name",
        doc = "Where the rows go.",
      },
      fields.schema,
      {
        "header",
        option = true,
        kind = "boolean",
        default = true,
        doc = "Whether the first line names the fields.",
      },
      {
        "columns",
        option = true,
        kind = "names",
        doc = "Without a header, the names of the fields; with one, those to take.",
      },
      {
        "null",
        option = true,
        kind = "nulls",
        doc = 'The fields that stand for NULL, in quotes or not: { "", "n/a" }. Without it, an '
          .. "empty one that does not stand in quotes.",
      },
      DELIMITER,
      {
        "max_rejects",
        option = true,
        kind = "count",
        doc = "How many lines may be left out because the function rejects them or the table does "
          .. "not take them. Without it, any number by the function, and none by the table.",
      },
    },
    call = true,
    returns = "{ read: integer, inserted: integer, rejected: integer }",
    check = check_import,
    describe = function(o)
      return ("import %s into %s"):format(o.path, o.table)
    end,
    doc = "Reads a CSV file into a table and returns the counts. A line that is left out is named "
      .. "with its reason. See [data-migrations.md](data-migrations.md#csv).",
    example = [[
op.import_csv("seed/countries.csv", { table = "countries" }, function(line)
  if not line.alpha2:match("^%u%u$") then
    return "reject", "not an ISO code: " .. line.alpha2
  end
  return { code = line.alpha2, name = line.name }
end)]],
  },
  {
    name = "export_csv",
    fields = {
      {
        "query",
        kind = "query",
        required = true,
        doc = "A query, or the name of a table.",
      },
      {
        "path",
        kind = "text",
        required = true,
        doc = "The file, below the migrations directory in a directory that is there.",
      },
      {
        "fn",
        kind = "function",
        doc = "What becomes of a row: function(row). It returns the fields, as a list or by name, "
          .. "or nil to leave the row out.",
      },
      {
        "params",
        option = true,
        kind = "params",
        doc = "Values for :name or $1 in the query.",
      },
      {
        "header",
        option = true,
        kind = "header",
        default = true,
        doc = "Whether there is one, or its names.",
      },
      DELIMITER,
      {
        "null",
        option = true,
        kind = "null_text",
        default = "",
        doc = "What stands for NULL; a text that is the same is written in quotes.",
      },
      {
        "overwrite",
        option = true,
        kind = "boolean",
        default = false,
        doc = "Whether it takes the place of a file that is there.",
      },
      fields.schema,
    },
    call = true,
    returns = "integer",
    describe = function(o)
      return ("export to %s"):format(o.path)
    end,
    doc = "Writes the rows of a query into a CSV file and returns how many. The file takes its "
      .. "place after the COMMIT.",
    example = [[
op.export_csv("SELECT id, email FROM users WHERE spam", "export/spam.csv")]],
  },
}
