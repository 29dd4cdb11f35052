--- What enums, views, functions, triggers, sequences, schemas and extensions are in SQL.
return {
  {
    op = "create_enum",
    fact = "a type of PostgreSQL; SQLite has nothing to make",
    call = function(op)
      op.create_enum("mood", { "happy", "it's so-so" })
    end,
    postgresql = "CREATE TYPE mood AS ENUM ('happy', 'it''s so-so');",
    sqlite = "",
  },
  {
    op = "create_enum",
    fact = "if_not_exists is a block that forgives",
    before_postgresql = "CREATE SCHEMA app",
    call = function(op)
      op.create_enum("Mood", { "a$$b" }, { if_not_exists = true, schema = "app" })
    end,
    postgresql = [[
      DO $body$BEGIN
        CREATE TYPE app."Mood" AS ENUM ('a$$b');
      EXCEPTION WHEN duplicate_object THEN NULL;
      END$body$;]],
    sqlite = "",
  },
  {
    op = "add_enum_value",
    fact = "at the end",
    before_postgresql = "CREATE TYPE mood AS ENUM ('a')",
    call = function(op)
      op.add_enum_value("mood", "it's new")
    end,
    postgresql = "ALTER TYPE mood ADD VALUE 'it''s new';",
    sqlite = "",
  },
  {
    op = "add_enum_value",
    fact = "after another, unless it is there",
    before_postgresql = "CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('a'); CREATE TYPE mood AS ENUM ('a')",
    call = function(op)
      op.add_enum_value("mood", "b", { after = "a", if_not_exists = true, schema = "app" })
      op.add_enum_value("mood", "c", { before = "a" })
    end,
    postgresql = [[
      ALTER TYPE app.mood ADD VALUE IF NOT EXISTS 'b' AFTER 'a';
      ALTER TYPE mood ADD VALUE 'c' BEFORE 'a';]],
    sqlite = "",
  },
  {
    op = "drop_enum",
    fact = "a type of PostgreSQL; SQLite has nothing to drop",
    before_postgresql = "CREATE TYPE mood AS ENUM ('a')",
    call = function(op)
      op.drop_enum("mood")
    end,
    postgresql = "DROP TYPE mood;",
    sqlite = "",
  },
  {
    op = "drop_enum",
    fact = "if it is there, in a schema",
    before_postgresql = "CREATE SCHEMA app",
    call = function(op)
      op.drop_enum("mood", { if_exists = true, schema = "app" })
    end,
    postgresql = "DROP TYPE IF EXISTS app.mood;",
    sqlite = "",
  },
  {
    op = "create_table",
    fact = "an enum column of SQLite has a CHECK of the enum's name",
    before_postgresql = "CREATE TYPE mood AS ENUM ('a', '')",
    call = function(op, sql)
      op.create_table("people", {
        sql.column("mood", sql.enum("mood", { "happy", "sad" }), { check = "mood <> ''" }),
      })
    end,
    postgresql = [[
      CREATE TABLE people (
        mood mood CHECK (mood <> '')
      );]],
    sqlite = [[
      CREATE TABLE people (
        mood TEXT CHECK (mood <> '') CONSTRAINT mood CHECK (mood IN ('happy', 'sad'))
      );]],
  },
  {
    op = "create_view",
    fact = "a query, with the names of its columns",
    before = "CREATE TABLE users (id INTEGER, name TEXT, age INTEGER)",
    call = function(op)
      op.create_view("adults", "SELECT id, name FROM users WHERE age >= 18 AND name LIKE '%a';\n", {
        columns = { "id", "Full name" },
        with = { security_barrier = true },
      })
    end,
    postgresql = [[
      CREATE VIEW adults (id, "Full name") WITH (security_barrier = true) AS
      SELECT id, name FROM users WHERE age >= 18 AND name LIKE '%a';]],
    sqlite = [[
      CREATE VIEW adults (id, "Full name") AS
      SELECT id, name FROM users WHERE age >= 18 AND name LIKE '%a';]],
  },
  {
    op = "create_view",
    fact = "in the place of one that is there; SQLite keeps its triggers",
    before = [[
      CREATE TABLE users (id INTEGER, name TEXT);
      CREATE VIEW names AS SELECT name FROM users]],
    before_sqlite = [[
      CREATE TRIGGER "in it" INSTEAD OF INSERT ON names BEGIN INSERT INTO users (name) VALUES (new.name); END]],
    call = function(op)
      op.create_view("names", { sqlite = "SELECT name FROM users", postgresql = "SELECT 'x'::text AS name" }, {
        or_replace = true,
      })
    end,
    postgresql = [[
      CREATE OR REPLACE VIEW names AS
      SELECT 'x'::text AS name;]],
    sqlite = [[
      DROP VIEW IF EXISTS names;
      CREATE VIEW names AS
      SELECT name FROM users;
      CREATE TRIGGER main."in it" INSTEAD OF INSERT ON names BEGIN INSERT INTO users (name) VALUES (new.name); END;]],
  },
  {
    op = "create_view",
    fact = "a query of sql.table stands in it with its values",
    before = "CREATE TABLE users (id INTEGER, name TEXT)",
    call = function(op, sql)
      local users = sql.table("users", { "id", "name" })
      op.create_view("some", users:select("id"):where(users.c.name:in_({ "it's", "b" })):where(users.c.id:gt(3)))
    end,
    postgresql = "CREATE VIEW \"some\" AS\nSELECT id FROM users WHERE name IN ('it''s', 'b') AND id > 3;",
    sqlite = "CREATE VIEW \"some\" AS\nSELECT id FROM users WHERE name IN ('it''s', 'b') AND id > 3;",
  },
  {
    op = "create_view",
    fact = "a materialized one without its rows",
    before_postgresql = "CREATE SCHEMA app",
    call = function(op)
      op.create_view("totals", "SELECT 1 AS n", {
        materialized = true,
        with_data = false,
        schema = "app",
      })
    end,
    postgresql = "CREATE MATERIALIZED VIEW app.totals AS\nSELECT 1 AS n \nWITH NO DATA;",
  },
  {
    op = "drop_view",
    fact = "with what stands on it",
    before = "CREATE VIEW adults AS SELECT 1",
    call = function(op)
      op.drop_view("adults", { cascade = true })
    end,
    postgresql = "DROP VIEW adults CASCADE;",
    sqlite = "DROP VIEW adults;",
  },
  {
    op = "drop_view",
    fact = "if it is there",
    call = function(op)
      op.drop_view("adults", { if_exists = true })
    end,
    postgresql = "DROP VIEW IF EXISTS adults;",
    sqlite = "DROP VIEW IF EXISTS adults;",
  },
  {
    op = "drop_view",
    fact = "a materialized one",
    before_postgresql = "CREATE SCHEMA app; CREATE MATERIALIZED VIEW app.totals AS SELECT 1 AS n",
    call = function(op)
      op.drop_view("totals", { materialized = true, schema = "app" })
    end,
    postgresql = "DROP MATERIALIZED VIEW app.totals;",
  },
  {
    op = "create_function",
    fact = "a trigger function, quoted so that its body stays as it is",
    call = function(op)
      op.create_function("touch", "BEGIN NEW.note := $$it's$$; RETURN NEW; END", {
        returns = "trigger",
      })
    end,
    postgresql = [[
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$BEGIN NEW.note := $$it's$$; RETURN NEW; END$body$;]],
  },
  {
    op = "create_function",
    fact = "with all its options",
    before_postgresql = "CREATE SCHEMA app",
    call = function(op)
      op.create_function("slug", "SELECT lower(value)", {
        arguments = { "value text", "most integer DEFAULT 5" },
        returns = "text",
        language = "sql",
        volatility = "immutable",
        strict = true,
        security_definer = true,
        settings = { search_path = "pg_catalog" },
        or_replace = true,
        schema = "app",
      })
    end,
    postgresql = "CREATE OR REPLACE FUNCTION app.slug(value text, most integer DEFAULT 5) "
      .. "RETURNS text LANGUAGE sql IMMUTABLE STRICT SECURITY DEFINER "
      .. "SET search_path = 'pg_catalog' AS $$SELECT lower(value)$$;",
  },
  {
    op = "drop_function",
    fact = "by its name alone",
    before_postgresql = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    call = function(op)
      op.drop_function("touch", { if_exists = true, cascade = true })
    end,
    postgresql = "DROP FUNCTION IF EXISTS touch CASCADE;",
  },
  {
    op = "drop_function",
    fact = "by what it takes",
    before_postgresql = "CREATE SCHEMA app; CREATE FUNCTION app.slug(text, integer) RETURNS text LANGUAGE sql AS 'SELECT $1'; "
      .. "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    call = function(op)
      op.drop_function("slug", { arguments = { "text", "integer" }, schema = "app" })
      op.drop_function("touch", { arguments = {} })
    end,
    postgresql = "DROP FUNCTION app.slug(text, integer);\nDROP FUNCTION touch();",
  },
  {
    op = "create_trigger",
    fact = "PostgreSQL calls a function, SQLite runs statements",
    before_postgresql = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    before = "CREATE TABLE users (id INTEGER, name TEXT, n INTEGER)",
    call = function(op)
      op.create_trigger("users_touch", "users", {
        events = "update",
        columns = { "name" },
        condition = "NEW.name <> 'x'",
        execute = "touch",
        body = "UPDATE users SET n = n + 1 WHERE id = NEW.id;",
      })
    end,
    postgresql = "CREATE TRIGGER users_touch AFTER UPDATE OF name ON users FOR EACH ROW "
      .. "WHEN (NEW.name <> 'x') EXECUTE FUNCTION touch();",
    sqlite = [[
      CREATE TRIGGER users_touch AFTER UPDATE OF name ON users FOR EACH ROW WHEN NEW.name <> 'x' BEGIN
        UPDATE users SET n = n + 1 WHERE id = NEW.id;
      END;]],
  },
  {
    op = "create_trigger",
    fact = "in the place of one that is there, in a schema",
    before_postgresql = "CREATE SCHEMA main; ALTER TABLE users SET SCHEMA main; "
      .. "CREATE FUNCTION check_user() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    before = "CREATE TABLE users (id INTEGER)",
    call = function(op)
      op.create_trigger("guard", "users", {
        events = { "insert" },
        timing = "before",
        execute = "check_user('strict')",
        body = "SELECT RAISE(ABORT, 'no') WHERE NEW.id < 0",
        or_replace = true,
        schema = "main",
      })
    end,
    postgresql = "CREATE OR REPLACE TRIGGER guard BEFORE INSERT ON main.users FOR EACH ROW "
      .. "EXECUTE FUNCTION check_user('strict');",
    sqlite = [[
      DROP TRIGGER IF EXISTS main.guard;
      CREATE TRIGGER main.guard BEFORE INSERT ON users FOR EACH ROW BEGIN
        SELECT RAISE(ABORT, 'no') WHERE NEW.id < 0;
      END;]],
  },
  {
    op = "create_trigger",
    fact = "for each statement, of several events",
    before_postgresql = "CREATE TABLE users (id integer); "
      .. "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    call = function(op)
      op.create_trigger("watch", "users", {
        events = { "insert", "update", "truncate" },
        for_each = "statement",
        execute = "watch()",
      })
    end,
    postgresql = "CREATE TRIGGER watch AFTER INSERT OR UPDATE OR TRUNCATE ON users "
      .. "FOR EACH STATEMENT EXECUTE FUNCTION watch();",
  },
  {
    op = "drop_trigger",
    fact = "of its table",
    before = "CREATE TABLE users (id INTEGER)",
    before_sqlite = "CREATE TRIGGER users_touch AFTER INSERT ON users BEGIN SELECT 1; END",
    before_postgresql = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'; "
      .. "CREATE TRIGGER users_touch AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch()",
    call = function(op)
      op.drop_trigger("users_touch", "users")
    end,
    postgresql = "DROP TRIGGER users_touch ON users;",
    sqlite = "DROP TRIGGER users_touch;",
  },
  {
    op = "drop_trigger",
    fact = "if it is there, in a schema",
    before_postgresql = "CREATE SCHEMA main; CREATE TABLE main.users (id integer)",
    call = function(op)
      op.drop_trigger("users_touch", "users", { if_exists = true, cascade = true, schema = "main" })
    end,
    postgresql = "DROP TRIGGER IF EXISTS users_touch ON main.users CASCADE;",
    sqlite = "DROP TRIGGER IF EXISTS main.users_touch;",
  },
  {
    op = "create_sequence",
    fact = "with all its options",
    before_postgresql = "CREATE SCHEMA app; CREATE TABLE app.orders (number integer)",
    call = function(op, sql)
      op.create_sequence("numbers", {
        type = sql.integer,
        start = 10,
        increment = -2,
        minvalue = 0,
        maxvalue = 100,
        cache = 5,
        cycle = true,
        owned_by = "app.orders.number",
        schema = "app",
      })
    end,
    postgresql = "CREATE SEQUENCE app.numbers AS integer START WITH 10 INCREMENT BY -2 MINVALUE 0 "
      .. "MAXVALUE 100 CACHE 5 CYCLE OWNED BY app.orders.number;",
  },
  {
    op = "create_sequence",
    fact = "unless it is there",
    call = function(op)
      op.create_sequence("Numbers", { if_not_exists = true })
    end,
    postgresql = 'CREATE SEQUENCE IF NOT EXISTS "Numbers";',
  },
  {
    op = "create_partition",
    fact = "of a range, divided again",
    before_postgresql = "CREATE SCHEMA app; "
      .. "CREATE TABLE app.orders (at date, shop integer) PARTITION BY RANGE (at)",
    call = function(op)
      op.create_partition("orders_2026", "orders", "FROM ('2026-01-01') TO ('2027-01-01')",
        { table_schema = "app", partition_by = "LIST (shop)", if_not_exists = true })
    end,
    postgresql = "CREATE TABLE IF NOT EXISTS orders_2026 PARTITION OF app.orders "
      .. "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (shop);",
  },
  {
    op = "create_partition",
    fact = "the one for all other rows",
    before_postgresql = "CREATE TABLE orders (shop integer) PARTITION BY LIST (shop)",
    call = function(op)
      op.create_partition("Orders of others", "orders", "DEFAULT")
    end,
    postgresql = 'CREATE TABLE "Orders of others" PARTITION OF orders DEFAULT;',
  },
  {
    op = "drop_sequence",
    fact = "if it is there",
    before_postgresql = "CREATE SCHEMA app",
    call = function(op)
      op.drop_sequence("numbers", { if_exists = true, schema = "app" })
    end,
    postgresql = "DROP SEQUENCE IF EXISTS app.numbers;",
  },
  {
    op = "drop_sequence",
    fact = "with the defaults that use it",
    before_postgresql = "CREATE SEQUENCE numbers",
    call = function(op)
      op.drop_sequence("numbers", { cascade = true })
    end,
    postgresql = "DROP SEQUENCE numbers CASCADE;",
  },
  {
    op = "create_schema",
    fact = "unless it is there",
    call = function(op)
      op.create_schema("billing", { if_not_exists = true })
    end,
    postgresql = "CREATE SCHEMA IF NOT EXISTS billing;",
  },
  {
    op = "create_schema",
    fact = "of another owner",
    call = function(op)
      op.create_schema("Billing", { authorization = "pg_monitor" })
    end,
    postgresql = 'CREATE SCHEMA "Billing" AUTHORIZATION pg_monitor;',
  },
  {
    op = "drop_schema",
    fact = "an empty one",
    before_postgresql = "CREATE SCHEMA billing",
    call = function(op)
      op.drop_schema("billing")
    end,
    postgresql = "DROP SCHEMA billing;",
  },
  {
    op = "drop_schema",
    fact = "with all it holds, if it is there",
    call = function(op)
      op.drop_schema("billing", { if_exists = true, cascade = true })
    end,
    postgresql = "DROP SCHEMA IF EXISTS billing CASCADE;",
  },
  {
    op = "create_extension",
    fact = "unless it is there",
    call = function(op)
      op.create_extension("fuzzystrmatch", { if_not_exists = true })
    end,
    postgresql = "CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;",
  },
  {
    op = "create_extension",
    fact = "a version in a schema, with what it stands on",
    before_postgresql = "CREATE SCHEMA app",
    call = function(op)
      op.create_extension("citext", { schema = "app", version = "1.6", cascade = true })
    end,
    postgresql = "CREATE EXTENSION citext SCHEMA app VERSION '1.6' CASCADE;",
  },
  {
    op = "drop_extension",
    fact = "one that nothing uses",
    before_postgresql = "CREATE EXTENSION citext",
    call = function(op)
      op.drop_extension("citext")
    end,
    postgresql = "DROP EXTENSION citext;",
  },
  {
    op = "drop_extension",
    fact = "with what uses it, if it is there",
    call = function(op)
      op.drop_extension("citext", { if_exists = true, cascade = true })
    end,
    postgresql = "DROP EXTENSION IF EXISTS citext CASCADE;",
  },
}
