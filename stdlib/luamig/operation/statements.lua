--- Operations in the author's own SQL, and the checks of what it left behind.
local core = require("luamig.core")
local durable = require("luamig.durable")
local kinds = require("luamig.kinds")
local node = require("luamig.node")
local strict = require("luamig.strict")

local ENGINES = { "postgresql", "sqlite" }

-- A text for each dialect: every key is one, every value a text or sql.raw(…).
local function read_dialects(value)
  for _, key in ipairs(strict.sorted_keys(value)) do
    if key ~= "postgresql" and key ~= "sqlite" then
      return nil, ("has a text for '%s', which is no engine%s"):format(
        key, strict.did_you_mean(key, ENGINES))
    end
    if type(value[key]) ~= "string" and node.of(value[key]) ~= "raw" then
      return nil, ("must have a text for '%s'"):format(key)
    end
  end
  if #value > 0 then
    return nil, "must be a text, or a table { sqlite = …, postgresql = … }"
  end
  return value
end

kinds.add("statement", {
  takes = "string node table",
  what = "an SQL text",
  lua = "string|luamig.expression|luamig.query|{ sqlite?: string, postgresql?: string }",
  read = function(value)
    local name = node.of(value)
    if type(value) == "table" and not name then
      return read_dialects(value)
    elseif name and name ~= "raw" and name ~= "query" then
      return nil, ("must be an SQL text or a query, got sql.%s"):format(name)
    end
    return value
  end,
})

local function describe_execute(o)
  local text = o.statement
  if node.of(text) == "raw" then
    text = text.text
  end
  return "execute " .. durable.label(text)
end

local QUERY = { "query", kind = "text", required = true, doc = "A SELECT." }
local PARAMS = { "params", kind = "params", doc = "Values for :name or $1 in the text." }
local MESSAGE = { "message", kind = "text", doc = "What it means when the check fails." }

return {
  {
    name = "execute",
    fields = {
      {
        "statement",
        kind = "statement",
        required = true,
        doc = "One statement or several, passed as written, { sqlite = …, postgresql = … }, or a "
          .. "query of sql.table.",
      },
      PARAMS,
    },
    check = function(o)
      if o.params and node.of(o.statement) == "query" then
        core.fail("execute: a query of sql.table has its values already", "leave 'params' out")
      end
    end,
    describe = describe_execute,
    returns = "integer",
    doc = "Runs SQL in the author's own words and returns the rows affected by the last "
      .. "statement. `:` and `%` mean nothing unless params are given.",
    example = [[op.execute("UPDATE users SET status = :s WHERE status IS NULL", { s = "active" })]],
  },
  {
    name = "assert_none",
    fields = { QUERY, PARAMS, MESSAGE },
    call = true,
    offline = true,
    describe = function(o)
      return "assert none: " .. (o.message or o.query)
    end,
    doc = "Fails when the query returns a row, and shows the first ten.",
    example = [[op.assert_none("SELECT id FROM users WHERE first_name = ''")]],
  },
  {
    name = "assert_some",
    fields = { QUERY, PARAMS, MESSAGE },
    call = true,
    offline = true,
    describe = function(o)
      return "assert some: " .. (o.message or o.query)
    end,
    doc = "Fails when the query returns no row.",
    example = [[op.assert_some("SELECT id FROM users WHERE role = 'owner'")]],
  },
  {
    name = "keep",
    fields = {
      QUERY,
      { "fn", kind = "function", required = true, doc = "What must leave the answer as it is." },
      PARAMS,
    },
    call = true,
    returns = "any",
    describe = function(o)
      return "keep: " .. o.query
    end,
    doc = "Runs a query before and after a function, fails unless the answers are the same, in "
      .. "whatever order, and returns what the function returns. In --sql it is a check that ends "
      .. "the script.",
    example = [[
op.keep("SELECT count(*), sum(balance) FROM accounts", function()
  op.execute("UPDATE accounts SET owner = 1 WHERE owner = 2")
end)]],
  },
  {
    name = "assert_equal",
    fields = {
      { "a", kind = "any", required = true, doc = "A value." },
      { "b", kind = "any", required = true, doc = "What it should equal." },
      MESSAGE,
    },
    call = true,
    describe = function(o)
      return "assert equal" .. (o.message and ": " .. o.message or "")
    end,
    doc = "Fails when two values are not equal. nil is no value: say null.",
    example = [[op.assert_equal(db:scalar("SELECT count(*) FROM users"), 3)]],
  },
}
