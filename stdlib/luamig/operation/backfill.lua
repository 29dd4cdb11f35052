--- Operations that change the rows of a whole table, row by row or batch by batch.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")
local kinds = require("luamig.kinds")
local node = require("luamig.node")
local strict = require("luamig.strict")

require("luamig.sql.named")  -- the kind "assignments"

local UNITS = { ms = 1, s = 1000, m = 60000 }

kinds.add("duration", {
  takes = "string",
  what = "a duration",
  lua = "string",
  read = function(value)
    local number, unit = value:match("^(%d+%.?%d*)(%l+)$")
    if not UNITS[unit] then
      return nil, ('must be a duration ("500ms", "2s"), got "%s"'):format(value)
    end
    return math.floor(tonumber(number) * UNITS[unit] + 0.5)
  end,
})

local function read_expression(name, value)
  if type(value) == "string" then
    return value
  elseif node.of(value) == "raw" then
    return value.text
  end
  return nil, ("has a %s for '%s'"):format(core.type(value), name)
end

kinds.add("row_columns", {
  takes = "string table",
  what = "names of columns, and SQL by name",
  lua = "string|table<string|integer, string|luamig.expression>",
  read = function(value)
    if type(value) == "string" then
      value = { value }
    end
    local read = { columns = {}, expressions = {} }
    for i, name in ipairs(value) do
      local kept, problem = kinds.read("name", name)
      if problem then
        return nil, ("item %d %s"):format(i, problem)
      end
      read.columns[i] = kept
    end
    for _, name in ipairs(strict.sorted_keys(value)) do
      local text, problem = read_expression(name, value[name])
      if problem then
        return nil, problem
      end
      table.insert(read.expressions, { name = name, text = text })
    end
    if #read.columns + #read.expressions == 0 then
      return nil, "must not be empty"
    end
    return read
  end,
})

local WHERE = {
  "where",
  option = true,
  kind = "text",
  doc = "SQL: only these rows.",
}
local PARAMS = {
  "params",
  option = true,
  kind = "params",
  doc = "Values for :name or $1 in `where`.",
}
local KEY = {
  "key",
  option = true,
  kind = "names",
  doc = "Columns that are unique together and hold no NULL; without them, the primary key.",
}
local PAUSE = {
  "pause",
  option = true,
  kind = "duration",
  doc = 'How long to rest between two batches: "50ms". In durable revisions.',
}
local TARGET_TIME = {
  "target_time",
  option = true,
  kind = "duration",
  doc = 'How long a batch should take, by which its size goes; "500ms". In durable revisions.',
}

local THROTTLE = {
  "throttle",
  option = true,
  kind = "function",
  doc = 'Asked between two batches: a rest ("500ms", or milliseconds), true to be asked again, nil '
    .. "to go on. In durable revisions.",
}

local function fail(o, message, hint)
  core.fail(("%s: %s"):format(o.op, message), hint)
end

local MOST_WORKERS = 64

local FORMS = "give read, write and function(row, out) … end; or set = { … }; or delete = true"

local function refuse_together(o, one, others)
  for _, other in ipairs(others) do
    if o[one] ~= nil and o[other] ~= nil then
      fail(o, ("'%s' and %s do not go together"):format(one,
        other == "fn" and "a function" or "'" .. other .. "'"), FORMS)
    end
  end
end

local function check_backfill(o)
  refuse_together(o, "set", { "delete", "fn", "read", "write", "rewrite" })
  refuse_together(o, "delete", { "fn", "read", "write", "rewrite" })
  if o.fn and not o.read then
    fail(o, "'read' is missing: the columns that the function looks at", 'read = { "name" }')
  elseif not (o.fn or o.set or o.delete) then
    fail(o, "nothing says what becomes of the rows", FORMS)
  elseif o.delete == false then
    fail(o, "'delete' is true or left out")
  elseif o.delete and not o.where then
    fail(o, "'delete' without 'where' would empty the table",
      ('if that is meant: op.execute("DELETE FROM %s")'):format(o.table))
  elseif o.params and not o.where then
    fail(o, "'params' are for 'where', which is missing")
  elseif (o.workers or 1) > MOST_WORKERS then
    fail(o, ("'workers' is %d at the most"):format(MOST_WORKERS))
  elseif (o.workers or 1) > 1 and o.rewrite then
    fail(o, "'workers' and 'rewrite' do not go together: a new table is written by one")
  end
end

return {
  {
    name = "backfill",
    fields = {
      fields.table,
      {
        "fn",
        kind = "function",
        doc = "What becomes of a row: function(row, out). It returns a table with every column of "
          .. '`write`, nil to leave the row, "delete", or "reject" and why; '
          .. "out:insert(table, { … }) adds a row elsewhere.",
      },
      {
        "read",
        option = true,
        kind = "row_columns",
        doc = "What the function sees of a row: columns, and SQL by name. The key comes by itself.",
      },
      {
        "write",
        option = true,
        kind = "names",
        doc = "The columns that the function gives back.",
      },
      {
        "set",
        option = true,
        kind = "assignments",
        doc = 'Without a function: { email = sql.raw("lower(email)") }.',
      },
      {
        "delete",
        option = true,
        kind = "boolean",
        doc = "Without a function: true removes the rows.",
      },
      WHERE,
      PARAMS,
      KEY,
      {
        "batch",
        option = true,
        kind = "size",
        doc = "How many rows a batch has; without it, as many as `target_time` allows. In durable "
          .. "revisions.",
      },
      TARGET_TIME,
      PAUSE,
      THROTTLE,
      {
        "max_rejects",
        option = true,
        kind = "size",
        doc = "How many rows may be left out: those that the database refuses, for which the "
          .. 'function fails, or gives back "reject" and why. They go into luamig_rejects. In '
          .. "durable revisions.",
      },
      {
        "workers",
        option = true,
        kind = "size",
        doc = "So many processes, up to 64, do ranges of the key beside each other, each with a "
          .. "session of its own. The function must not change a table from outside of it. In "
          .. "durable revisions, on PostgreSQL.",
      },
      {
        "undo",
        option = true,
        kind = "boolean",
        doc = "Keeps what the rows were, for op.undo.",
      },
      {
        "rewrite",
        option = true,
        kind = "boolean",
        doc = "On PostgreSQL all rows go into a new table, which takes the place of the old one: "
          .. "quicker than an UPDATE where most rows change, and with the table locked against "
          .. "everybody. Where something stands in the way, the rows are changed where they lie, "
          .. "and the output says what it was. With a function.",
      },
      fields.schema,
    },
    call = true,
    aside = true,
    returns = "{ read: integer, changed: integer, deleted: integer, inserted: integer, "
      .. "rejected: integer }",
    check = check_backfill,
    describe = function(o)
      return ("backfill %s"):format(o.table)
    end,
    destroys = function(o)
      return o.delete and "deletes rows" or nil
    end,
    doc = "Changes the rows of a table, each by a function or all by one SET, and returns the "
      .. "counts. In a durable revision it goes batch by batch, and on after a fault. "
      .. "See [data-migrations.md](data-migrations.md).",
    example = [[
op.backfill("users", { read = { "name" }, write = { "first_name", "last_name" } }, function(user)
  local first, last = user.name:match("^(%S+)%s+(.+)$")
  return { first_name = first or user.name, last_name = last or null }
end)]],
  },
  {
    name = "each_batch",
    fields = {
      fields.table,
      {
        "fn",
        kind = "function",
        required = true,
        doc = "Runs once a batch: function(batch), with batch:execute(sql, params), batch.first, "
          .. "batch.last and batch.count. In its SQL `batch` is a table of the keys of this batch.",
      },
      WHERE,
      PARAMS,
      KEY,
      {
        "batch",
        option = true,
        kind = "size",
        doc = "How many rows a batch has.",
      },
      TARGET_TIME,
      PAUSE,
      THROTTLE,
      fields.schema,
    },
    call = true,
    aside = true,
    returns = "integer",
    check = function(o)
      if o.params and not o.where then
        fail(o, "'params' are for 'where', which is missing")
      end
    end,
    describe = function(o)
      return ("each batch of %s"):format(o.table)
    end,
    doc = "Runs SQL of your own for the rows of a table, batch by batch, and returns how many rows "
      .. "there were. In a durable revision each batch is committed by itself.",
    example = [[
op.each_batch("orders", { where = "tags IS NOT NULL" }, function(batch)
  batch:execute("INSERT INTO old_orders SELECT o.* FROM orders o JOIN batch b ON b.id = o.id")
end)]],
  },
  {
    name = "undo",
    fields = {
      fields.table,
      {
        "revision",
        option = true,
        kind = "text",
        doc = "Whose backfills are undone; without it, this revision's.",
      },
      fields.schema,
    },
    call = true,
    returns = "{ restored: integer, changed: integer, gone: integer }",
    describe = function(o)
      return ("undo %s"):format(o.table)
    end,
    doc = "Gives back to the rows of a table what `op.backfill` with `undo = true` has kept of "
      .. "them, the last backfill first: changed columns their values, where these columns have "
      .. "not been changed since, and removed rows their place, unless their key is taken. The "
      .. "others are left alone, counted and told. What was kept is forgotten. "
      .. "See [data-migrations.md](data-migrations.md#undo).",
    example = [[
function downgrade()
  op.undo("users")
  op.drop_column("users", "last_name")
end]],
  },
}
