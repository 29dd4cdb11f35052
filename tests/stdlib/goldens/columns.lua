--- Goldens of operations on columns.
local null = require("luamig.core").null

local USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, status TEXT)"

return {
  {
    op = "add_column",
    fact = "adds a nullable column",
    before = USERS,
    call = function(op, sql)
      op.add_column("users", sql.column("first_name", sql.string(100)))
    end,
    sqlite = "ALTER TABLE users ADD COLUMN first_name VARCHAR(100);",
    postgresql = "ALTER TABLE users ADD COLUMN first_name varchar(100);",
  },
  {
    op = "add_column",
    fact = "a unique and indexed column with a comment",
    before = USERS,
    call = function(op, sql)
      op.add_column("users", sql.column("code", "varchar(8)",
        { nullable = false, server_default = "", index = true, unique = true, comment = "short" }))
    end,
    sqlite = [[
      ALTER TABLE users ADD COLUMN code varchar(8) NOT NULL DEFAULT '';
      CREATE UNIQUE INDEX uq_users_code ON users (code);
      CREATE INDEX ix_users_code ON users (code);]],
    postgresql = [[
      ALTER TABLE users ADD COLUMN code varchar(8) NOT NULL DEFAULT '' UNIQUE;
      CREATE INDEX ix_users_code ON users (code);
      COMMENT ON COLUMN users.code IS 'short';]],
  },
  {
    op = "add_column",
    fact = "an enum, a reference and a computed column",
    before = USERS .. "; CREATE TABLE countries (code TEXT PRIMARY KEY);",
    before_postgresql = "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')",
    call = function(op, sql)
      op.add_column("users", sql.column("mood", sql.enum("mood", { "sad", "it's ok" })),
        { if_not_exists = true })
      op.add_column("users", sql.column("country", sql.text, { references = "countries.code" }))
      op.add_column("users", sql.column("upper_name", sql.text, { computed = sql.raw("upper(name)") }))
    end,
    sqlite = [[
      ALTER TABLE users ADD COLUMN mood TEXT CONSTRAINT mood CHECK (mood IN ('sad', 'it''s ok'));
      ALTER TABLE users ADD COLUMN country TEXT REFERENCES countries (code);
      ALTER TABLE users ADD COLUMN upper_name TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL;]],
    postgresql = [[
      ALTER TABLE users ADD COLUMN IF NOT EXISTS mood mood;
      ALTER TABLE users ADD COLUMN country text REFERENCES countries (code);
      ALTER TABLE users ADD COLUMN upper_name text GENERATED ALWAYS AS (upper(name)) STORED;]],
  },
  {
    op = "drop_column",
    fact = "drops a column",
    before = USERS,
    call = function(op)
      op.drop_column("users", "status")
    end,
    sqlite = "ALTER TABLE users DROP COLUMN status;",
    postgresql = "ALTER TABLE users DROP COLUMN status;",
  },
  {
    op = "drop_column",
    fact = "an index over the column goes with it",
    before = USERS .. "; CREATE INDEX ix_users_email ON users (name, email);",
    call = function(op)
      op.drop_column("users", "email", { if_exists = true, cascade = true })
    end,
    sqlite = [[
      DROP INDEX ix_users_email;
      ALTER TABLE users DROP COLUMN email;]],
    postgresql = "ALTER TABLE users DROP COLUMN IF EXISTS email CASCADE;",
  },
  {
    op = "rename_column",
    fact = "renames a column",
    before = USERS,
    call = function(op)
      op.rename_column("users", "name", "full_name")
    end,
    sqlite = "ALTER TABLE users RENAME COLUMN name TO full_name;",
    postgresql = "ALTER TABLE users RENAME COLUMN name TO full_name;",
  },
  {
    op = "rename_column",
    fact = "if_exists does nothing where the column is not there",
    before = USERS,
    call = function(op)
      op.rename_column("users", "nick", "alias", { if_exists = true })
    end,
    sqlite = "",
    postgresql = "",
  },
  {
    op = "alter_column",
    fact = "new_column_name renames",
    before = USERS,
    call = function(op)
      op.alter_column("users", "name", { new_column_name = "full_name" })
    end,
    sqlite = "ALTER TABLE users RENAME COLUMN name TO full_name;",
    postgresql = "ALTER TABLE users RENAME COLUMN name TO full_name;",
  },
  {
    op = "alter_column",
    fact = "a comment is PostgreSQL's alone",
    before = USERS,
    call = function(op)
      op.alter_column("users", "name", { new_column_name = "called", comment = "as spoken" })
      op.alter_column("users", "email", { comment = null })
    end,
    sqlite = "ALTER TABLE users RENAME COLUMN name TO called;",
    postgresql = [[
      COMMENT ON COLUMN users.name IS 'as spoken';
      ALTER TABLE users RENAME COLUMN name TO called;
      COMMENT ON COLUMN users.email IS NULL;]],
  },
  {
    op = "alter_column",
    fact = "type, default and NULL change in one pass",
    before = USERS,
    only = "postgresql",
    call = function(op, sql)
      op.alter_column("users", "status", {
        type_ = sql.integer,
        using = "status::integer",
        nullable = false,
        server_default = 0,
        existing_type = sql.text,
      })
      op.alter_column("users", "name", { server_default = null, nullable = true })
    end,
    postgresql = [[
      ALTER TABLE users ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE integer USING status::integer, ALTER COLUMN status SET DEFAULT 0, ALTER COLUMN status SET NOT NULL;
      ALTER TABLE users ALTER COLUMN name DROP DEFAULT, ALTER COLUMN name DROP NOT NULL;]],
  },
}
