--- Operations on how the rest of the revision runs.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")
local kinds = require("luamig.kinds")

kinds.add("setting_value", {
  takes = "string number boolean table",
  what = "a value or a list of names",
  lua = "string|number|boolean|string[]",
  read = function(value)
    if type(value) == "table" then
      return kinds.read_list(value, "text")
    end
    return value
  end,
})

return {
  {
    name = "setting",
    aside = true,
    fields = {
      { "name", kind = "name", required = true, doc = "What is set." },
      {
        "value",
        kind = "setting_value",
        required = true,
        doc = 'What it is from now on; a list where the setting is one: { "app", "public" }.',
      },
    },
    check = function(o)
      if not o.name:find("^[%a_][%w_]*%.?[%w_]*$") then
        core.fail(("setting: '%s' is not the name of a setting"):format(o.name))
      end
    end,
    describe = function(o)
      return ("set %s"):format(o.name)
    end,
    doc = "Sets something for the rest of this revision: PostgreSQL by SET LOCAL, SQLite by a "
      .. "PRAGMA that is put back at the end, also when the revision fails.",
    example = [[op.setting(db.dialect == "sqlite" and "cache_size" or "work_mem", 65536)]],
  },
  {
    name = "without_triggers",
    fields = {
      fields.table,
      { "fn", kind = "function", required = true, doc = "What runs meanwhile." },
      fields.schema,
    },
    call = true,
    returns = "any",
    describe = function(o)
      return ("without the triggers of %s"):format(o.table)
    end,
    doc = "Runs a function while the triggers of a table rest, and returns what it returns. "
      .. "Foreign keys and other constraints hold. An error undoes what the function did and goes "
      .. "on up.",
    example = [[
op.without_triggers("users", function()
  op.execute("UPDATE users SET status = 'active'")
end)]],
  },
  {
    name = "step",
    fields = {
      { "name", kind = "text", required = true, doc = "What it is called; two need two names." },
      { "fn", kind = "function", required = true, doc = "What runs." },
    },
    call = true,
    aside = true,
    returns = "any",
    describe = function(o)
      return ("step %s"):format(o.name)
    end,
    doc = "Runs a function as one step of a durable revision (`transactional = false`): one "
      .. "transaction, committed with what the function gives back. When the revision goes on "
      .. "after a fault, a step that is done is not run again, and gives back the same. In other "
      .. "revisions the function just runs.",
    example = [[
local moved = op.step("move the closed orders", function()
  db:execute("INSERT INTO old_orders SELECT * FROM orders WHERE closed")
  return db:execute("DELETE FROM orders WHERE closed")
end)]],
  },
  {
    name = "autocommit_block",
    fields = { { "fn", kind = "function", required = true, doc = "What runs." } },
    call = true,
    aside = true,
    returns = "any",
    describe = function()
      return "autocommit block"
    end,
    doc = "Runs a function whose statements are committed one by one, as in files brought from "
      .. "Alembic. In a durable revision (`transactional = false`) every call is; elsewhere it is "
      .. "an error.",
    example = [[
op.autocommit_block(function()
  op.execute("ALTER TYPE mood ADD VALUE 'curious'")
end)]],
  },
}
