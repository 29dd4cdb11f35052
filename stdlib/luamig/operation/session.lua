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
}
