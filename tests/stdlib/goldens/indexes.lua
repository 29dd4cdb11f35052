--- Goldens of operations on indexes.

local USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, status TEXT)"

return {
  {
    op = "create_index",
    fact = "an index over one column",
    before = USERS,
    call = function(op)
      op.create_index("ix_users_email", "users", { "email" }, { unique = true })
    end,
    sqlite = "CREATE UNIQUE INDEX ix_users_email ON users (email);",
    postgresql = "CREATE UNIQUE INDEX ix_users_email ON users (email);",
  },
  {
    op = "create_index",
    fact = "an index with every option",
    before = USERS,
    call = function(op, sql)
      op.create_index("ix_users_all", "users", { "email", sql.raw("lower(name)") }, {
        if_not_exists = true,
        where = sql.raw("status IS NOT NULL"),
        using = "btree",
        ops = { email = "text_pattern_ops" },
        include = "status",
        with = { fillfactor = 70 },
      })
    end,
    sqlite = "CREATE INDEX IF NOT EXISTS ix_users_all ON users (email, lower(name)) WHERE status IS NOT NULL;",
    postgresql = "CREATE INDEX IF NOT EXISTS ix_users_all ON users USING btree (email text_pattern_ops, lower(name)) INCLUDE (status) WITH (fillfactor = 70) WHERE status IS NOT NULL;",
  },
  {
    op = "create_index",
    fact = "concurrently in a durable revision",
    before = USERS,
    now = { transactional = false },
    call = function(op)
      op.create_index("ix_users_email", "users", "email", { concurrently = true })
    end,
    sqlite = "CREATE INDEX ix_users_email ON users (email);",
    postgresql = "CREATE INDEX CONCURRENTLY ix_users_email ON users (email);",
  },
  {
    op = "create_index",
    fact = "one NULL only",
    before = USERS,
    only = "postgresql",
    call = function(op)
      op.create_index("ix_users_email", "users", "email",
        { unique = true, nulls_not_distinct = true, schema = "public" })
    end,
    postgresql = "CREATE UNIQUE INDEX ix_users_email ON public.users (email) NULLS NOT DISTINCT;",
  },
  {
    op = "drop_index",
    fact = "found by its name, with its table or without",
    before = USERS .. "; CREATE INDEX a ON users (name); CREATE INDEX b ON users (email);"
      .. " CREATE INDEX c ON users (status)",
    call = function(op)
      op.drop_index("a")
      op.drop_index("b", "users")
      op.drop_index("c", { table_name = "users" })
    end,
    sqlite = [[
      DROP INDEX a;
      DROP INDEX b;
      DROP INDEX c;]],
    postgresql = [[
      DROP INDEX a;
      DROP INDEX b;
      DROP INDEX c;]],
  },
  {
    op = "drop_index",
    fact = "if_exists, concurrently",
    now = { transactional = false },
    call = function(op)
      op.drop_index("a", nil, { if_exists = true, concurrently = true })
    end,
    sqlite = "DROP INDEX IF EXISTS a;",
    postgresql = "DROP INDEX CONCURRENTLY IF EXISTS a;",
  },
}
