--- Goldens of operations on constraints.
local null = require("luamig.core").null

local TABLES = [[
  CREATE TABLE users (id INTEGER PRIMARY KEY, code TEXT, name TEXT);
  CREATE TABLE orders (id INTEGER NOT NULL, user_id INTEGER, sku TEXT, price INTEGER)]]

return {
  {
    op = "create_foreign_key",
    fact = "one column refers to another table",
    before = TABLES,
    call = function(op)
      op.create_foreign_key("fk_orders_user_id", "orders", "users", { "user_id" }, { "id" })
    end,
    sqlite = [[
      -- the text of main.orders is
      CREATE TABLE orders (id INTEGER NOT NULL, user_id INTEGER, sku TEXT, price INTEGER, CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id));]],
    postgresql = "ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id);",
  },
  {
    op = "create_foreign_key",
    fact = "every option",
    before = TABLES,
    call = function(op)
      op.create_foreign_key("fk_orders_user_id", "orders", "users", "user_id", "id", {
        ondelete = "set null",
        onupdate = "CASCADE",
        match = "full",
        deferrable = true,
        initially = "deferred",
        not_valid = true,
      })
    end,
    sqlite = [[
      -- the text of main.orders is
      CREATE TABLE orders (id INTEGER NOT NULL, user_id INTEGER, sku TEXT, price INTEGER, CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) MATCH FULL ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED);]],
    postgresql = "ALTER TABLE orders ADD CONSTRAINT fk_orders_user_id FOREIGN KEY (user_id) REFERENCES users (id) MATCH FULL ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;",
  },
  {
    op = "create_foreign_key",
    fact = "from one schema to another",
    before_postgresql = [[
      CREATE SCHEMA crm; CREATE TABLE crm.people (id integer PRIMARY KEY);
      CREATE SCHEMA shop; CREATE TABLE shop.orders (person_id integer)]],
    call = function(op)
      op.create_foreign_key("fk_person", "orders", "people", { "person_id" }, { "id" },
        { source_schema = "shop", referent_schema = "crm" })
    end,
    postgresql = "ALTER TABLE shop.orders ADD CONSTRAINT fk_person FOREIGN KEY (person_id) REFERENCES crm.people (id);",
  },
  {
    op = "create_unique_constraint",
    fact = "over one column",
    before = TABLES,
    call = function(op)
      op.create_unique_constraint("uq_users_code", "users", "code")
    end,
    sqlite = [[
      -- foreign keys rest;
      ALTER TABLE users RENAME TO luamig_old_users;
      CREATE TABLE users (id INTEGER PRIMARY KEY, code TEXT, name TEXT, CONSTRAINT uq_users_code UNIQUE (code));
      INSERT OR ABORT INTO users (id, code, name)
      SELECT id, code, name FROM luamig_old_users;
      DROP TABLE luamig_old_users;]],
    postgresql = "ALTER TABLE users ADD CONSTRAINT uq_users_code UNIQUE (code);",
  },
  {
    op = "create_unique_constraint",
    fact = "over several columns",
    before = TABLES,
    call = function(op)
      op.create_unique_constraint("uq_orders", "orders", { "user_id", "sku" })
    end,
    sqlite = [[
      -- foreign keys rest;
      ALTER TABLE orders RENAME TO luamig_old_orders;
      CREATE TABLE orders (id INTEGER NOT NULL, user_id INTEGER, sku TEXT, price INTEGER, CONSTRAINT uq_orders UNIQUE (user_id, sku));
      INSERT OR ABORT INTO orders (rowid, id, user_id, sku, price)
      SELECT rowid, id, user_id, sku, price FROM luamig_old_orders;
      DROP TABLE luamig_old_orders;]],
    postgresql = "ALTER TABLE orders ADD CONSTRAINT uq_orders UNIQUE (user_id, sku);",
  },
  {
    op = "create_unique_constraint",
    fact = "looked at when the transaction ends",
    before = TABLES,
    call = function(op)
      op.create_unique_constraint("uq_users_code", "users", "code",
        { deferrable = true, initially = "DEFERRED", schema = "public" })
    end,
    sqlite_error = "create_unique_constraint: SQLite has no 'deferrable'",
    postgresql = "ALTER TABLE public.users ADD CONSTRAINT uq_users_code UNIQUE (code) DEFERRABLE INITIALLY DEFERRED;",
  },
  {
    op = "create_unique_constraint",
    fact = "one NULL, and further columns in its index",
    before_postgresql = TABLES,
    call = function(op)
      op.create_unique_constraint("uq_users_code", "users", "code",
        { nulls_not_distinct = true, include = { "name" } })
    end,
    postgresql = "ALTER TABLE users ADD CONSTRAINT uq_users_code UNIQUE NULLS NOT DISTINCT (code) INCLUDE (name);",
    sqlite_error = "create_unique_constraint: SQLite has no 'nulls_not_distinct'",
  },
  {
    op = "create_primary_key",
    fact = "with further columns in its index",
    before_postgresql = TABLES,
    call = function(op)
      op.create_primary_key("orders_pkey", "orders", "id", { include = { "sku" } })
    end,
    postgresql = "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id) INCLUDE (sku);",
  },
  {
    op = "create_check_constraint",
    fact = "for this table only",
    before_postgresql = TABLES,
    call = function(op)
      op.create_check_constraint("email_given", "users", "code <> ''", { no_inherit = true })
    end,
    postgresql = "ALTER TABLE users ADD CONSTRAINT email_given CHECK (code <> '') NO INHERIT;",
  },
  {
    op = "create_unique_constraint",
    fact = "with parameters of its index",
    before_postgresql = TABLES,
    call = function(op)
      op.create_unique_constraint("uq_users_code", "users", "code",
        { include = { "name" }, with = { fillfactor = 70 }, deferrable = true })
    end,
    postgresql = "ALTER TABLE users ADD CONSTRAINT uq_users_code UNIQUE (code) INCLUDE (name) WITH (fillfactor = 70) DEFERRABLE;",
    sqlite_error = "create_unique_constraint: SQLite has no 'deferrable'",
  },
  {
    op = "create_foreign_key",
    fact = "ON DELETE sets some of the columns",
    before_postgresql = "CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b)); CREATE TABLE c (a INTEGER, b INTEGER)",
    call = function(op)
      op.create_foreign_key("f", "c", "p", { "a", "b" }, { "a", "b" },
        { ondelete = "SET NULL", ondelete_columns = "b", onupdate = "CASCADE" })
    end,
    postgresql = "ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE SET NULL (b) ON UPDATE CASCADE;",
    sqlite_error = "create_foreign_key: SQLite has no 'ondelete_columns'",
  },
  {
    op = "create_check_constraint",
    fact = "a condition in the author's words",
    before = TABLES,
    call = function(op)
      op.create_check_constraint("price_not_negative", "orders", "price >= 0")
    end,
    sqlite = [[
      -- the text of main.orders is
      CREATE TABLE orders (id INTEGER NOT NULL, user_id INTEGER, sku TEXT, price INTEGER, CONSTRAINT price_not_negative CHECK (price >= 0));]],
    postgresql = "ALTER TABLE orders ADD CONSTRAINT price_not_negative CHECK (price >= 0);",
  },
  {
    op = "create_check_constraint",
    fact = "the rows that are there are looked at later",
    before = TABLES .. "; INSERT INTO orders VALUES (1, NULL, 'a', 5)",
    call = function(op, sql)
      op.create_check_constraint("sku_given", "orders", sql.raw("sku <> ''"), { not_valid = true })
    end,
    sqlite = [[
      -- the text of main.orders is
      CREATE TABLE orders (id INTEGER NOT NULL, user_id INTEGER, sku TEXT, price INTEGER, CONSTRAINT sku_given CHECK (sku <> ''));]],
    postgresql = "ALTER TABLE orders ADD CONSTRAINT sku_given CHECK (sku <> '') NOT VALID;",
  },
  {
    op = "create_primary_key",
    fact = "of one column",
    before = TABLES,
    call = function(op)
      op.create_primary_key("pk_orders", "orders", "id")
    end,
    sqlite = [[
      -- foreign keys rest;
      ALTER TABLE orders RENAME TO luamig_old_orders;
      CREATE TABLE orders (id INTEGER NOT NULL, user_id INTEGER, sku TEXT, price INTEGER, CONSTRAINT pk_orders PRIMARY KEY (id));
      INSERT OR ABORT INTO orders (id, user_id, sku, price)
      SELECT id, user_id, sku, price FROM luamig_old_orders;
      DROP TABLE luamig_old_orders;]],
    postgresql = "ALTER TABLE orders ADD CONSTRAINT pk_orders PRIMARY KEY (id);",
  },
  {
    op = "create_primary_key",
    fact = "of several columns",
    before = "CREATE TABLE user_roles (user_id INTEGER NOT NULL, role_id INTEGER NOT NULL)",
    call = function(op)
      op.create_primary_key("pk_user_roles", "user_roles", { "user_id", "role_id" })
    end,
    sqlite = [[
      -- foreign keys rest;
      ALTER TABLE user_roles RENAME TO luamig_old_user_roles;
      CREATE TABLE user_roles (user_id INTEGER NOT NULL, role_id INTEGER NOT NULL, CONSTRAINT pk_user_roles PRIMARY KEY (user_id, role_id));
      INSERT OR ABORT INTO user_roles (rowid, user_id, role_id)
      SELECT rowid, user_id, role_id FROM luamig_old_user_roles;
      DROP TABLE luamig_old_user_roles;]],
    postgresql = "ALTER TABLE user_roles ADD CONSTRAINT pk_user_roles PRIMARY KEY (user_id, role_id);",
  },
  {
    op = "create_exclude_constraint",
    fact = "columns and their operators",
    before_postgresql = [[
      CREATE EXTENSION btree_gist;
      CREATE TABLE bookings (room integer, during tsrange)]],
    call = function(op)
      op.create_exclude_constraint("no_double_booking", "bookings",
        { { "room", "=" }, { "during", "&&" } })
    end,
    postgresql = "ALTER TABLE bookings ADD CONSTRAINT no_double_booking EXCLUDE USING gist (room WITH =, during WITH &&);",
  },
  {
    op = "create_exclude_constraint",
    fact = "every option",
    before_postgresql = "CREATE TABLE bookings (starts date, ends date, cancelled boolean)",
    call = function(op, sql)
      op.create_exclude_constraint("no_double_booking", "bookings",
        { { sql.raw("daterange(starts, ends)"), "&&" } }, {
          using = "gist",
          where = "NOT cancelled",
          deferrable = true,
          initially = "immediate",
        })
    end,
    postgresql = "ALTER TABLE bookings ADD CONSTRAINT no_double_booking EXCLUDE USING gist (daterange(starts, ends) WITH &&) WHERE (NOT cancelled) DEFERRABLE INITIALLY IMMEDIATE;",
  },
  {
    op = "drop_constraint",
    fact = "found by its name, with its type or without",
    before = [[
      CREATE TABLE users (id INTEGER PRIMARY KEY, code TEXT, CONSTRAINT uq UNIQUE (code), CONSTRAINT ck CHECK (code <> ''), CONSTRAINT fk FOREIGN KEY (id) REFERENCES users (id))]],
    call = function(op)
      op.drop_constraint("ck", "users")
      op.drop_constraint("fk", "users", "foreignkey")
      op.drop_constraint("uq", "users", { type_ = "unique" })
    end,
    sqlite = [[
      -- the text of main.users is
      CREATE TABLE users (id INTEGER PRIMARY KEY, code TEXT, CONSTRAINT uq UNIQUE (code), CONSTRAINT fk FOREIGN KEY (id) REFERENCES users (id));
      -- the text of main.users is
      CREATE TABLE users (id INTEGER PRIMARY KEY, code TEXT, CONSTRAINT uq UNIQUE (code));
      -- foreign keys rest;
      ALTER TABLE users RENAME TO luamig_old_users;
      CREATE TABLE users (id INTEGER PRIMARY KEY, code TEXT);
      INSERT OR ABORT INTO users (id, code)
      SELECT id, code FROM luamig_old_users;
      DROP TABLE luamig_old_users;]],
    postgresql = [[
      ALTER TABLE users DROP CONSTRAINT ck;
      ALTER TABLE users DROP CONSTRAINT fk;
      ALTER TABLE users DROP CONSTRAINT uq;]],
  },
  {
    op = "drop_constraint",
    fact = "with what needs it, and only if it is there",
    before = TABLES,
    call = function(op)
      op.drop_constraint("gone", "users", { if_exists = true, cascade = true })
    end,
    sqlite = "",
    postgresql = "ALTER TABLE users DROP CONSTRAINT IF EXISTS gone CASCADE;",
  },
  {
    op = "validate_constraint",
    fact = "looks at the rows",
    before = "CREATE TABLE t (a INTEGER, CONSTRAINT ck CHECK (a > 0))",
    call = function(op)
      op.validate_constraint("ck", "t")
    end,
    sqlite = "",
    postgresql = "ALTER TABLE t VALIDATE CONSTRAINT ck;",
  },
  {
    op = "validate_constraint",
    fact = "in another schema",
    before = "CREATE TABLE t (a INTEGER, CONSTRAINT ck CHECK (a > 0))",
    call = function(op)
      op.validate_constraint("ck", "t", { schema = op.get_context().dialect == "sqlite" and "main" or "public" })
    end,
    sqlite = "",
    postgresql = "ALTER TABLE public.t VALIDATE CONSTRAINT ck;",
  },
  {
    op = "rename_constraint",
    fact = "a check",
    before = "CREATE TABLE t (a INTEGER, CONSTRAINT ck CHECK (a > 0))",
    call = function(op)
      op.rename_constraint("ck", "a_positive", "t")
    end,
    sqlite = [[
      -- the text of main.t is
      CREATE TABLE t (a INTEGER, CONSTRAINT a_positive CHECK (a > 0));]],
    postgresql = "ALTER TABLE t RENAME CONSTRAINT ck TO a_positive;",
  },
  {
    op = "rename_constraint",
    fact = "a unique constraint of a reserved name",
    before = 'CREATE TABLE t (a INTEGER, CONSTRAINT "order" UNIQUE (a))',
    call = function(op)
      op.rename_constraint("order", "uq_t_a", "t")
    end,
    sqlite = [[
      -- the text of main.t is
      CREATE TABLE t (a INTEGER, CONSTRAINT uq_t_a UNIQUE (a));]],
    postgresql = 'ALTER TABLE t RENAME CONSTRAINT "order" TO uq_t_a;',
  },
  {
    op = "create_check_constraint",
    fact = "without a name",
    before = "CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER)",
    call = function(op)
      op.create_check_constraint(null, "users", "age > 0")
    end,
    sqlite = [[
      -- the text of main.users is
      CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER, CHECK (age > 0));]],
    postgresql = "ALTER TABLE users ADD CHECK (age > 0);",
  },
  {
    op = "rename_constraint",
    fact = "its name is taken away, of two the one that says this",
    before_sqlite = "CREATE TABLE users (age INTEGER CONSTRAINT a CHECK (age > 0), CHECK (age < 9))",
    call = function(op)
      op.rename_constraint("a", null, "users")
      op.rename_constraint("users_age_check", "young", "users", { condition = "age < 9" })
    end,
    sqlite = [[
      -- the text of main.users is
      CREATE TABLE users (age INTEGER CHECK (age > 0), CHECK (age < 9));
      -- the text of main.users is
      CREATE TABLE users (age INTEGER CHECK (age > 0), CONSTRAINT young CHECK (age < 9));]],
  },
  {
    op = "rename_constraint",
    fact = "an index keeps a name",
    before = "CREATE TABLE users (age INTEGER); CREATE UNIQUE INDEX a ON users (age)",
    call = function(op)
      op.rename_constraint("a", null, "users")
    end,
    sqlite_error = "rename_constraint: 'a' is an index, and has to have a name",
  },
  {
    op = "drop_constraint",
    fact = "of several CHECKs without a name the one that says this",
    before_sqlite = "CREATE TABLE users (age INTEGER, CHECK (age > 0), CHECK (age < 9))",
    call = function(op)
      op.drop_constraint("users_age_check", "users", "check", { condition = "\"age\" < 9" })
    end,
    sqlite = [[
      -- the text of main.users is
      CREATE TABLE users (age INTEGER, CHECK (age > 0));]],
  },
}
