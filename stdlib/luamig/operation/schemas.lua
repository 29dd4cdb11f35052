--- Operations on schemas and extensions, which PostgreSQL alone has.
local fields = require("luamig.operation.fields")

local SCHEMA = { "name", kind = "name", required = true, doc = "The schema." }
local EXTENSION = { "name", kind = "name", required = true, doc = "The extension." }

return {
  {
    name = "create_schema",
    only = "postgresql",
    noun = "schemas to make",
    fields = {
      SCHEMA,
      { "authorization", option = true, kind = "name", doc = "The role that owns it." },
      fields.if_not_exists,
    },
    describe = function(o)
      return ("create schema %s"):format(o.name)
    end,
    reverse = function(o)
      return { op = "drop_schema", name = o.name }
    end,
    doc = "Makes a schema.",
    example = [[
if db.dialect == "postgresql" then
  op.create_schema("billing", { if_not_exists = true })
end]],
  },
  {
    name = "drop_schema",
    only = "postgresql",
    noun = "schemas to drop",
    fields = { SCHEMA, fields.if_exists, fields.cascade },
    describe = function(o)
      return ("drop schema %s"):format(o.name)
    end,
    doc = "Drops a schema; one that is not empty only with `cascade`.",
    example = [[
if db.dialect == "postgresql" then
  op.drop_schema("billing")
end]],
  },
  {
    name = "create_extension",
    only = "postgresql",
    noun = "extensions to make",
    fields = {
      EXTENSION,
      { "version", option = true, kind = "text", doc = "Without it, the server's own choice." },
      {
        "cascade",
        option = true,
        kind = "boolean",
        doc = "With the extensions that it stands on.",
      },
      fields.if_not_exists,
      fields.schema,
    },
    describe = function(o)
      return ("create extension %s"):format(o.name)
    end,
    reverse = function(o)
      if o.if_not_exists then
        return nil
      end
      return { op = "drop_extension", name = o.name }
    end,
    doc = "Brings an extension of the server into the database. SQLite loads its own by [sqlite] "
      .. "extensions in luamig.toml.",
    example = [[
if db.dialect == "postgresql" then
  op.create_extension("citext", { if_not_exists = true })
end]],
  },
  {
    name = "drop_extension",
    only = "postgresql",
    noun = "extensions to drop",
    fields = { EXTENSION, fields.if_exists, fields.cascade },
    describe = function(o)
      return ("drop extension %s"):format(o.name)
    end,
    doc = "Takes an extension out of the database.",
    example = [[
if db.dialect == "postgresql" then
  op.drop_extension("citext")
end]],
  },
}
