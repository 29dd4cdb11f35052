--- Queries: nodes that only say what is asked for; each method gives a new one. What a query is in
-- SQL: dialect/query.lua.
local condition = require("luamig.sql.condition")
local core = require("luamig.core")
local kinds = require("luamig.kinds")
local named = require("luamig.sql.named")
local node = require("luamig.node")
local object = require("luamig.sql.object")
local plural = require("luamig.plural")
local strict = require("luamig.strict")

local query = {}
local classes = {}

--- A query of this table that says this.
---@param verb "insert"|"update"|"delete"|"select"
---@param of table
---@param said table
---@return table
function query.new(verb, of, said)
  said.verb, said.table = verb, of
  local made = object.new(classes[verb], "query", { said = said })
  return made
end

-- The query with one thing more said.
local function with(self, key, value)
  local said = {}
  for _, name in ipairs(strict.sorted_keys(self.said)) do
    said[name] = self.said[name]
  end
  said[key] = value
  local made = object.new(classes[said.verb], "query", { said = said })
  return made
end

local COLUMNS = {
  "columns",
  kind = "query_columns",
  rest = "names",
  doc = "Names, columns or sql.raw(…).",
}

local where = {
  name = "where",
  fields = condition.fields,
  doc = "Only the rows that fulfil it; further ones are joined by AND.",
  returns = "luamig.query",
  act = function(self, read)
    if self.said.all then
      core.fail(":where(…) after :all(): say one of them")
    end
    local more = condition.with_params(read)
    local before = self.said.where
    return with(self, "where", before and condition.join("and", { before, more }) or more)
  end,
}

local all = {
  name = "all",
  fields = {},
  doc = "Says that every row is meant, where there is no where.",
  returns = "luamig.query",
  act = function(self)
    if self.said.where then
      core.fail(":all() after :where(…): say one of them")
    end
    return with(self, "all", true)
  end,
}

local returning = {
  name = "returning",
  fields = { COLUMNS },
  doc = "The rows it changes come back, with these columns (default: all).",
  returns = "luamig.query",
  act = function(self, read)
    local of = self.said.table
    return with(self, "returning", named.fields_of(of, read.columns or of.columns))
  end,
}

local ASSIGNMENTS = {
  "values",
  kind = "assignments",
  required = true,
  doc = "{ column = value }: bound values, other columns, or sql.raw(…).",
}

local function assign(self, read)
  local merged = {}
  for _, from in ipairs({ self.said.set or {}, named.assignments(self.said.table, read.values) }) do
    for _, name in ipairs(strict.sorted_keys(from)) do
      merged[name] = from[name]
    end
  end
  return with(self, "set", merged)
end

local insert_values = {
  name = "values",
  fields = {
    { "values", kind = "assignments", required = true, doc = "One row, or a list of rows." },
  },
  doc = "The rows to insert.",
  returns = "luamig.query",
  act = function(self, read)
    return with(self, "rows", named.rows_of(self.said.table, read.values))
  end,
}

kinds.add("select", {
  takes = "node",
  what = "a select",
  lua = "luamig.query",
  read = function(value)
    if node.of(value) ~= "query" or value.said.verb ~= "select" then
      return nil, "must be a select"
    end
    return value
  end,
})

local from_select = {
  name = "from_select",
  fields = {
    { "columns", kind = "query_columns", required = true, doc = "The columns to fill." },
    { "select", kind = "select", required = true, doc = "Where the rows come from." },
  },
  doc = "Inserts what a select finds.",
  returns = "luamig.query",
  act = function(self, read)
    local names = named.column_names(self.said.table, read.columns)
    if #names ~= #read.select.said.columns then
      core.fail(("from_select: %s cannot be filled from %d"):format(
        plural.of(#names, "column"), #read.select.said.columns))
    end
    return with(with(self, "columns", names), "select", read.select)
  end,
}

-- What an upsert changes: named values, and columns of the new row in the list part.
local function conflict_set(of, given)
  local changes = {}
  for _, name in ipairs(strict.sorted_keys(given)) do
    changes[name] = given[name]
  end
  local set = #strict.sorted_keys(changes) > 0 and named.assignments(of, changes) or {}
  for _, name in ipairs(given) do
    name = named.column_name(of, name)
    set[name] = node.new("excluded", { name = name })
  end
  if #strict.sorted_keys(set) == 0 then
    core.fail("on_conflict_do_update: 'update' names no column")
  end
  return set
end

local KEY = {
  "key",
  kind = "query_columns",
  doc = "The columns that are unique together (or sql.raw(…)).",
}

local do_nothing = {
  name = "on_conflict_do_nothing",
  fields = { KEY },
  doc = "A row whose key is there already is left out.",
  returns = "luamig.query",
  act = function(self, read)
    local of = self.said.table
    return with(self, "conflict", { key = read.key and named.fields_of(of, read.key) })
  end,
}

local do_update = {
  name = "on_conflict_do_update",
  fields = {
    { "key", kind = "query_columns", required = true, doc = KEY.doc },
    {
      "update",
      kind = "assignments",
      required = true,
      doc = 'What becomes of the row that is there: { "name" } takes the new row\'s name, '
        .. '{ name = value } sets another.',
    },
  },
  doc = "A row whose key is there already is changed.",
  returns = "luamig.query",
  act = function(self, read)
    local of = self.said.table
    return with(self, "conflict", {
      key = named.fields_of(of, read.key),
      set = conflict_set(of, read.update),
    })
  end,
}

local function count_method(name, doc)
  return {
    name = name,
    fields = { { "count", kind = "integer", required = true, doc = "How many." } },
    doc = doc,
    returns = "luamig.query",
    act = function(self, read)
      if read.count < 0 then
        core.fail(("query:%s: %d is less than 0"):format(name, read.count))
      end
      return with(self, name, read.count)
    end,
  }
end

local order_by = {
  name = "order_by",
  fields = { COLUMNS },
  doc = "The order of the rows: names, users.c.id:desc(), or sql.raw(…).",
  returns = "luamig.query",
  act = function(self, read)
    return with(self, "order", named.fields_of(self.said.table, read.columns or {}))
  end,
}

--- The methods of a query, by what it does.
query.lists = {
  update = {
    { name = "set", fields = { ASSIGNMENTS }, doc = "What to change.", returns = "luamig.query",
      act = assign },
    { name = "values", fields = { ASSIGNMENTS }, doc = "The same as set.",
      returns = "luamig.query", act = assign },
    where,
    all,
    returning,
  },
  insert = { insert_values, from_select, do_nothing, do_update, returning },
  delete = { where, all, returning },
  select = {
    where,
    order_by,
    count_method("limit", "So many rows at the most."),
    count_method("offset", "So many rows are passed over first."),
  },
}

local RUNS = "db:execute(query), db:rows(query), db:all(query) … take a query"

for _, verb in ipairs(strict.sorted_keys(query.lists)) do
  classes[verb] = object.class("query", verb, query.lists[verb], {
    execute = RUNS,
    fetchall = RUNS,
    scalar = RUNS,
    filter = ":where(…)",
  })
end

return query
