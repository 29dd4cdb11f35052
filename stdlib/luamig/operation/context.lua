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
