--- Goldens of operations on the comments of tables.

local USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY)"

return {
  {
    op = "create_table_comment",
    fact = "a text beside the table",
    before = USERS,
    call = function(op)
      op.create_table_comment("users", "people who're here")
    end,
    sqlite = "",
    postgresql = "COMMENT ON TABLE users IS 'people who''re here';",
  },
  {
    op = "create_table_comment",
    fact = "in a schema",
    before = USERS,
    before_postgresql = "COMMENT ON TABLE users IS 'old'",
    call = function(op)
      op.create_table_comment("users", "people", { schema = "public", existing_comment = "old" })
    end,
    sqlite = "",
    postgresql = "COMMENT ON TABLE public.users IS 'people';",
  },
  {
    op = "drop_table_comment",
    fact = "there is none any more",
    before = USERS,
    before_postgresql = "COMMENT ON TABLE users IS 'people'",
    call = function(op)
      op.drop_table_comment("users")
    end,
    sqlite = "",
    postgresql = "COMMENT ON TABLE users IS NULL;",
  },
  {
    op = "drop_table_comment",
    fact = "in a schema",
    before = USERS,
    call = function(op)
      op.drop_table_comment("users", { schema = "public" })
    end,
    sqlite = "",
    postgresql = "COMMENT ON TABLE public.users IS NULL;",
  },
}
