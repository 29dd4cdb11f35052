--- Operations on the constraints of a table.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")
local items = require("luamig.sql.items")
local kinds = require("luamig.kinds")
local plural = require("luamig.plural")
local strict = require("luamig.strict")

local NAME = { "name", kind = "name", required = true, doc = "What the constraint is called." }
local NEW_NAME = {
  "name",
  kind = "constraint_name",
  required = true,
  doc = "What the constraint is called; null: PostgreSQL names it, SQLite does not.",
}

local SOURCE_SCHEMA = {
  "source_schema",
  option = true,
  kind = "name",
  doc = "Where the referring table lies.",
}

local NOT_VALID = {
  "not_valid",
  option = true,
  kind = "boolean",
  only = "postgresql",
  elsewhere = "skipped",
  doc = "The rows that are there are not looked at until validate_constraint.",
}

kinds.add("constraint_name", {
  takes = "string null",
  what = "a string or null",
  lua = "string",
  read = function(value)
    if core.is_null(value) then
      return nil
    end
    return kinds.read("name", value)
  end,
})

local CONDITION = {
  "condition",
  option = true,
  kind = "expression",
  only = "sqlite",
  elsewhere = "skipped",
  doc = "What the CHECK says: of several without a name it is that one, whatever name it "
    .. "goes by.",
}

local TYPES = { "foreignkey", "unique", "check", "primary", "exclude" }
local SPELLINGS = { foreign_key = "foreignkey", primary_key = "primary" }

kinds.add("constraint_type", {
  takes = "string",
  what = "a string",
  lua = '"foreignkey"|"unique"|"check"|"primary"|"exclude"',
  read = function(value)
    local word = SPELLINGS[value] or value
    for _, known in ipairs(TYPES) do
      if known == word then
        return known
      end
    end
    return nil, ("must be one of %s, got '%s'%s"):format(
      table.concat(TYPES, ", "), value, strict.did_you_mean(value, TYPES))
  end,
})

local function check_deferral(o)
  if o.deferrable == false and o.initially == "DEFERRED" then
    core.fail(("%s: 'initially' is DEFERRED, and 'deferrable' is false"):format(o.op))
  end
end

local function check_foreign_key(o)
  check_deferral(o)
  if #o.local_cols ~= #o.remote_cols then
    core.fail(("create_foreign_key: %s cannot refer to %s"):format(
      plural.of(#o.local_cols, "column"), plural.of(#o.remote_cols, "column")))
  end
  local problem = items.ondelete_problem(o, o.local_cols)
  if problem then
    core.fail("create_foreign_key: " .. problem)
  end
end

-- What makes a constraint is undone by dropping it.
local function dropped(constraint_type)
  return function(o)
    return o.name and {
      op = "drop_constraint",
      name = o.name,
      table = o.table or o.source,
      type = constraint_type,
      schema = o.schema or o.source_schema,
    } or nil
  end
end

local function describe(o)
  local name = o.name and not core.is_null(o.name) and " " .. o.name or ""
  return ("%s%s on %s"):format(o.op:gsub("_", " "), name, o.table or o.source)
end

return {
  {
    name = "create_foreign_key",
    batch = "source",
    fields = {
      NEW_NAME,
      { "source", kind = "name", required = true, doc = "The table that refers." },
      { "referent", kind = "name", required = true, doc = "The table referred to." },
      { "local_cols", kind = "names", required = true, doc = "The columns that refer." },
      { "remote_cols", kind = "names", required = true, doc = "The columns referred to." },
      items.field("foreign_key", "ondelete"),
      items.field("foreign_key", "ondelete_columns"),
      items.field("foreign_key", "onupdate"),
      items.field("foreign_key", "deferrable"),
      items.field("foreign_key", "initially"),
      items.field("foreign_key", "match"),
      NOT_VALID,
      SOURCE_SCHEMA,
      {
        "referent_schema",
        option = true,
        kind = "name",
        doc = "Where the table referred to lies.",
      },
    },
    check = check_foreign_key,
    describe = describe,
    reverse = dropped("foreignkey"),
    doc = "Adds a foreign key to a table that is there. Rows that refer to nothing fail it.",
    example = [[
op.create_foreign_key("fk_orders_user_id", "orders", "users", { "user_id" }, { "id" },
  { ondelete = "CASCADE" })]],
  },
  {
    name = "create_unique_constraint",
    batch = "table",
    fields = {
      NEW_NAME,
      fields.table,
      { "columns", kind = "names", required = true, doc = "They are unique together." },
      items.field("unique", "include"),
      items.field("unique", "with"),
      items.field("unique", "on_conflict"),
      items.field("unique", "nulls_not_distinct"),
      items.field("unique", "deferrable"),
      items.field("unique", "initially"),
      fields.schema,
    },
    check = check_deferral,
    describe = describe,
    reverse = dropped("unique"),
    doc = "Adds a unique constraint. Rows that are alike fail it.",
    example = 'op.create_unique_constraint("uq_users_email", "users", { "email" })',
  },
  {
    name = "create_check_constraint",
    batch = "table",
    fields = {
      NEW_NAME,
      fields.table,
      { "condition", kind = "expression", required = true, doc = "What every row fulfils." },
      items.field("check", "no_inherit"),
      NOT_VALID,
      fields.schema,
    },
    describe = describe,
    reverse = dropped("check"),
    doc = "Adds a check constraint. Rows that do not fulfil it fail it.",
    example = 'op.create_check_constraint("price_not_negative", "products", "price >= 0")',
  },
  {
    name = "create_primary_key",
    batch = "table",
    fields = {
      NEW_NAME,
      fields.table,
      { "columns", kind = "names", required = true, doc = "The columns of the key." },
      items.field("primary_key", "include"),
      items.field("primary_key", "with"),
      items.field("primary_key", "on_conflict"),
      items.field("primary_key", "deferrable"),
      items.field("primary_key", "initially"),
      fields.schema,
    },
    check = check_deferral,
    describe = describe,
    reverse = dropped("primary"),
    doc = "Adds the primary key to a table that has none. Its columns become NOT NULL, and on "
      .. "PostgreSQL they stay so when it is dropped.",
    example = 'op.create_primary_key("pk_user_roles", "user_roles", { "user_id", "role_id" })',
  },
  {
    name = "create_exclude_constraint",
    batch = "table",
    only = "postgresql",
    noun = "exclusion constraints",
    fields = {
      NEW_NAME,
      fields.table,
      { "elements", kind = "exclusions", required = true, doc = "Columns and their operators." },
      items.field("exclude", "using"),
      items.field("exclude", "where"),
      items.field("exclude", "include"),
      items.field("exclude", "with"),
      items.field("exclude", "deferrable"),
      items.field("exclude", "initially"),
      fields.schema,
    },
    check = check_deferral,
    describe = describe,
    reverse = dropped("exclude"),
    doc = "Adds an exclusion constraint: no two rows are alike by all of these operators. "
      .. "PostgreSQL only.",
    example = [[
op.create_exclude_constraint("no_double_booking", "bookings",
  { { "room", "=" }, { "during", "&&" } })]],
  },
  {
    name = "drop_constraint",
    batch = "table",
    fields = {
      NAME,
      fields.table,
      {
        "type",
        kind = "constraint_type",
        aliases = { "type_" },
        doc = "What it is, which need not be said: a constraint is found by its name. SQLite looks "
          .. "for one of this type alone; PostgreSQL does not look at it.",
      },
      CONDITION,
      fields.if_exists,
      {
        "cascade",
        option = true,
        kind = "boolean",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "With the foreign keys that need it.",
      },
      fields.schema,
    },
    describe = describe,
    doc = "Drops a constraint, whatever it is.",
    example = 'op.drop_constraint("fk_orders_user_id", "orders")',
  },
  {
    name = "validate_constraint",
    batch = "table",
    fields = { NAME, fields.table, fields.schema },
    describe = describe,
    doc = "Looks at the rows that were there before a constraint that was made with `not_valid`. "
      .. "SQLite has looked at them already.",
    example = 'op.validate_constraint("fk_orders_user_id", "orders")',
  },
  {
    name = "rename_constraint",
    batch = "table",
    fields = {
      { "old", kind = "name", required = true, doc = "What it is called now." },
      {
        "new",
        kind = "constraint_name",
        required = true,
        doc = "What it is called from now on; null: on SQLite it has no name then.",
      },
      fields.table,
      CONDITION,
      fields.schema,
    },
    describe = function(o)
      if o.new == nil or core.is_null(o.new) then
        return ("take the name of constraint %s on %s"):format(o.old, o.table)
      end
      return ("rename constraint %s on %s to %s"):format(o.old, o.table, o.new)
    end,
    reverse = function(o)
      return o.new and {
        op = "rename_constraint",
        old = o.new,
        new = o.old,
        table = o.table,
        schema = o.schema,
      } or nil
    end,
    doc = "Renames a constraint.",
    example = 'op.rename_constraint("uq_users_mail", "uq_users_email", "users")',
  },
}
