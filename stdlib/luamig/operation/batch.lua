--- Several changes of one table as one.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")
local kinds = require("luamig.kinds")
local strict = require("luamig.strict")

local RECREATE = { "auto", "always", "never" }

kinds.add("batch", {
  takes = "function",
  what = "a function",
  lua = "fun(batch: luamig.batch)",
})
kinds.add("recreate", {
  takes = "string",
  what = "a string",
  lua = '"auto"|"always"|"never"',
  read = function(value)
    for _, word in ipairs(RECREATE) do
      if word == value then
        return value
      end
    end
    return nil, ("must be one of %s, got '%s'%s"):format(
      table.concat(RECREATE, ", "), value, strict.did_you_mean(value, RECREATE))
  end,
})

-- The function is asked once, here: from now on the operation is plain.
local function describe_changes(o)
  local operation = require("luamig.operation")
  o.changes = operation.batch(o.table, o.schema, o.changes)
  if #o.changes == 0 then
    core.fail(("batch_alter_table: nothing is changed in '%s'"):format(o.table),
      "op.batch_alter_table(\"" .. o.table .. "\", function(batch) batch:add_column(…) end)")
  end
end

local function reverse(o)
  local operation = require("luamig.operation")
  local changes = {}
  for i = #o.changes, 1, -1 do
    local back = operation.reverse(o.changes[i])
    if not back then
      return nil
    end
    changes[#changes + 1] = back
  end
  return {
    op = "batch_alter_table",
    table = o.table,
    schema = o.schema,
    recreate = o.recreate,
    changes = changes,
  }
end

local function destroys(o)
  local operation = require("luamig.operation")
  for _, change in ipairs(o.changes) do
    local lost = operation.destroys(change)
    if lost then
      return lost
    end
  end
  return nil
end

return {
  {
    name = "batch_alter_table",
    fields = {
      fields.table,
      {
        "changes",
        kind = "batch",
        required = true,
        doc = "function(batch) … end: the operations on the table, without the argument that "
          .. "names it, by colon or by dot. They are done when it returns.",
      },
      {
        "recreate",
        option = true,
        kind = "recreate",
        default = "auto",
        only = "sqlite",
        elsewhere = "skipped",
        doc = 'Whether SQLite makes the table anew: "auto" where it must, "always", or "never", '
          .. "which is an error where it must.",
      },
      fields.schema,
    },
    check = describe_changes,
    describe = function(o)
      return ("alter table %s"):format(o.table)
    end,
    destroys = destroys,
    reverse = reverse,
    doc = "Changes a table in several ways at once: on SQLite it is made anew once at most, on "
      .. "PostgreSQL what can be is one ALTER TABLE.",
    example = [[
op.batch_alter_table("users", function(batch)
  batch:add_column(sql.column("full_name", sql.text))
  batch:drop_column("old_field")
end)]],
  },
}
