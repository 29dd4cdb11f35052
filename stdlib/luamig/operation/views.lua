--- Operations on views.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")

local NAME = { "name", kind = "name", required = true, doc = "What the view is called." }
local MATERIALIZED = {
  "materialized",
  option = true,
  kind = "boolean",
  only = "postgresql",
  elsewhere = "refused",
  doc = "A view that keeps its rows until REFRESH MATERIALIZED VIEW.",
}

local function check_create(o)
  if o.materialized and o.or_replace then
    core.fail("create_view: a materialized view cannot be replaced in its place",
      "op.drop_view(name, { materialized = true, if_exists = true }) first")
  elseif o.with_data == false and not o.materialized then
    core.fail("create_view: 'with_data' belongs to 'materialized', which is missing")
  end
end

return {
  {
    name = "create_view",
    fields = {
      NAME,
      {
        "query",
        kind = "statement",
        required = true,
        doc = "A SELECT, or { sqlite = …, postgresql = … }.",
      },
      {
        "columns",
        option = true,
        kind = "names",
        doc = "What its columns are called; without them, as the query calls them.",
      },
      {
        "or_replace",
        option = true,
        kind = "boolean",
        doc = "In the place of one that is there. PostgreSQL: the old columns stay, and new ones "
          .. "stand after them. SQLite: it is made anew, and its triggers with it.",
      },
      MATERIALIZED,
      {
        "with_data",
        option = true,
        kind = "boolean",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "false: a materialized view has no rows until it is refreshed.",
      },
      {
        "with",
        option = true,
        kind = "settings",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "Parameters of the view: { security_invoker = true }.",
      },
      fields.schema,
    },
    check = check_create,
    describe = function(o)
      return ("create view %s"):format(o.name)
    end,
    reverse = function(o)
      if o.or_replace then
        return nil
      end
      return {
        op = "drop_view",
        name = o.name,
        materialized = o.materialized,
        schema = o.schema,
      }
    end,
    doc = "Makes a view.",
    example = [[op.create_view("adults", "SELECT id, name FROM users WHERE age >= 18")]],
  },
  {
    name = "drop_view",
    fields = { NAME, MATERIALIZED, fields.if_exists, fields.cascade, fields.schema },
    describe = function(o)
      return ("drop view %s"):format(o.name)
    end,
    doc = "Drops a view.",
    example = 'op.drop_view("adults")',
  },
}
