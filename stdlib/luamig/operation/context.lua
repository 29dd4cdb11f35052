--- What a revision may ask and say about itself.
return {
  {
    name = "irreversible",
    fields = { { "reason", kind = "text", doc = "Why there is no way back." } },
    call = true,
    aside = true,
    describe = function()
      return "irreversible"
    end,
    doc = "Ends a downgrade: what the revision did cannot be undone.",
    example = [[
function downgrade()
  op.irreversible("merged accounts are not kept apart")
end]],
  },
  {
    name = "get_bind",
    fields = {},
    call = true,
    aside = true,
    describe = function()
      return "get bind"
    end,
    returns = "luamig.db",
    doc = "The connection, which is `db` itself.",
    example = [[op.get_bind():execute("UPDATE users SET status = 'active'")]],
  },
  {
    name = "database",
    fields = {
      { "name", kind = "text", required = true, doc = "What stands in [databases.NAME]." },
    },
    call = true,
    aside = true,
    describe = function(o)
      return ("read the database '%s'"):format(o.name)
    end,
    returns = "luamig.db",
    doc = "A second database, named in luamig.toml, with the functions of `db` that read. Its "
      .. "engine may be the other one. Everything is read as it stood when it was first asked for, "
      .. "until the revision ends; nothing can be changed. It is no part of the transaction.",
    example = [[
local legacy = op.database("legacy")
op.bulk_insert("customers", legacy:rows("SELECT id, mail AS email FROM kunden"))]],
  },
  {
    name = "get_context",
    fields = {},
    call = true,
    aside = true,
    describe = function()
      return "get context"
    end,
    returns = "luamig.context",
    doc = "The revision, its direction, the dialect, the url without its password, is_offline, "
      .. "the tag.",
    example = [[local tag = op.get_context().tag]],
  },
  {
    name = "f",
    fields = { { "name", kind = "name", required = true, doc = "A name." } },
    call = true,
    aside = true,
    describe = function(o)
      return o.name
    end,
    returns = "string",
    doc = "The name itself: it marks a name as final, as in files brought from Alembic.",
    example = [[op.create_index(op.f("ix_users_email"), "users", { "email" })]],
  },
}
