--- The queries of sql.table, as both engines take them. The values, which are bound, stand in these
-- texts as literals: what --sql writes.
local null = require("luamig.core").null

local USERS = [[
  CREATE TABLE users (id integer PRIMARY KEY, name text, status text, visits integer);
  INSERT INTO users (id, name, status, visits) VALUES (1, 'it''s', NULL, 3), (2, 'b', 'gone', 0);
  CREATE TABLE old_users (id integer PRIMARY KEY, name text);
  INSERT INTO old_users (id, name) VALUES (2, 'old'), (9, 'older')]]

local function users_of(sql)
  return sql.table("users", { "id", "name", "status", "visits" })
end

-- A golden that reads the same in both dialects.
local function alike(fact, call, text)
  return {
    op = "execute",
    fact = fact,
    before = USERS,
    call = function(op, sql)
      call(op, users_of(sql), sql)
    end,
    sqlite = text,
    postgresql = text,
  }
end

return {
  alike("an update of every row says so", function(op, users)
    op.execute(users:update():set({ status = "active" }):all())
  end, "UPDATE users SET status = 'active';"),

  alike("an update with a text as its condition", function(op, users)
    op.execute(users:update():set({ status = "it's", name = null }):where("status IS NULL"))
  end, "UPDATE users SET name = NULL, status = 'it''s' WHERE status IS NULL;"),

  alike("texts with parameters keep them apart", function(op, users)
    op.execute(users:update():set({ name = "x" }):where("id = :id", { id = 7 })
      :where("visits > $1 OR status = $2", { 3, "new" }):where("name <> :id", { id = "y" }))
  end, "UPDATE users SET name = 'x' WHERE (id = 7) AND (visits > 3 OR status = 'new') "
    .. "AND (name <> 'y');"),

  alike("conditions of columns", function(op, users, sql)
    local c = users.c
    op.execute(users:delete():where(c.status:eq("gone")))
    op.execute(users:delete():where(c.status:eq(null):and_(c.name:ne(null))))
    op.execute(users:delete():where(sql.or_(c.id:lt(1), c.id:gt(9), c.visits:le(0):and_(
      c.visits:ge(0)))))
    op.execute(users:delete():where(c.name:like("a%"):not_()))
    op.execute(users:delete():where(sql.not_("id = 7 -- why")))
  end, [[
    DELETE FROM users WHERE status = 'gone';
    DELETE FROM users WHERE status IS NULL AND name IS NOT NULL;
    DELETE FROM users WHERE id < 1 OR id > 9 OR (visits <= 0 AND visits >= 0);
    DELETE FROM users WHERE NOT (name LIKE 'a%');
    DELETE FROM users WHERE NOT (id = 7 -- why
    );]]),

  alike("a list, and a select, that a column is in", function(op, users, sql)
    local old = sql.table("old_users", { "id", "name" })
    op.execute(users:delete():where(users.c.id:in_({ 3, 5 })))
    op.execute(users:update():set({ status = "known" }):where(
      users.c.id:in_(old:select("id"):where(old.c.name:like("old%")))))
  end, [[
    DELETE FROM users WHERE id IN (3, 5);
    UPDATE users SET status = 'known' WHERE users.id IN (SELECT old_users.id FROM old_users WHERE old_users.name LIKE 'old%');]]),

  alike("columns and expressions as values", function(op, users, sql)
    op.execute(users:update():set({ name = users.c.status, visits = sql.raw("visits + 1") })
      :where(users.c.status:ne(users.c.name)))
  end, "UPDATE users SET name = status, visits = visits + 1 WHERE status <> name;"),

  alike("one row and several", function(op, users)
    op.execute(users:insert():values({ name = "a", id = 3 }))
    op.execute(users:insert():values({ { id = 4, status = null }, { id = 5, status = "new" } }))
  end, [[
    INSERT INTO users (id, name) VALUES (3, 'a');
    INSERT INTO users (id, status) VALUES (4, NULL), (5, 'new');]]),

  alike("rows from a select", function(op, users, sql)
    local old = sql.table("old_users", { "id", "name" })
    op.execute(users:insert():from_select({ "id", "name", "status" },
      old:select("id", "name", sql.raw("'old'")):where(old.c.id:gt(2)):order_by(old.c.id:desc())
        :limit(10):offset(0)))
  end, "INSERT INTO users (id, name, status) SELECT old_users.id, old_users.name, 'old' FROM "
    .. "old_users WHERE old_users.id > 2 ORDER BY old_users.id DESC LIMIT 10 OFFSET 0;"),

  alike("a key that is there already", function(op, users, sql)
    local old = sql.table("old_users", "id", "name")
    op.execute(users:insert():values({ id = 1, name = "n" }):on_conflict_do_nothing())
    op.execute(users:insert():values({ id = 1, name = "n" }):on_conflict_do_nothing("id"))
    op.execute(users:insert():values({ id = 1, name = "n" })
      :on_conflict_do_update({ "id" }, { "name", visits = sql.raw("users.visits + 1") }))
    op.execute(users:insert():from_select({ "id", "name" }, old:select())
      :on_conflict_do_update("id", { status = users.c.name }))
  end, [[
    INSERT INTO users (id, name) VALUES (1, 'n') ON CONFLICT DO NOTHING;
    INSERT INTO users (id, name) VALUES (1, 'n') ON CONFLICT (id) DO NOTHING;
    INSERT INTO users (id, name) VALUES (1, 'n') ON CONFLICT (id) DO UPDATE SET name = excluded.name, visits = users.visits + 1;
    INSERT INTO users (id, name) SELECT old_users.id, old_users.name FROM old_users WHERE true ON CONFLICT (id) DO UPDATE SET status = users.name;]]),

  alike("what was changed comes back", function(op, users)
    op.execute(users:insert():values({ id = 3, name = "a" }):returning("id"))
    op.execute(users:update():set({ name = "b" }):where(users.c.id:eq(3)):returning())
    op.execute(users:delete():where(users.c.id:in_(users:select("id"))):returning(users.c.name))
  end, [[
    INSERT INTO users (id, name) VALUES (3, 'a') RETURNING id;
    UPDATE users SET name = 'b' WHERE id = 3 RETURNING id, name, status, visits;
    DELETE FROM users WHERE users.id IN (SELECT users.id FROM users) RETURNING name;]]),

  {
    op = "execute",
    fact = "a query names things as the engine does",
    before = 'CREATE TABLE "Order" ("select" text, at timestamp)',
    call = function(op, sql)
      local order = sql.table("Order", function(t)
        t:text("select")
        t:timestamptz("at")
      end)
      op.execute(order:update():set({ at = sql.now(), select = sql.literal("it's") }):all())
      op.execute(order:select(order.c.select):order_by("at"):offset(2))
    end,
    sqlite = [[
      UPDATE "Order" SET at = CURRENT_TIMESTAMP, "select" = 'it''s';
      SELECT "select" FROM "Order" ORDER BY at LIMIT -1 OFFSET 2;]],
    postgresql = [[
      UPDATE "Order" SET at = now(), "select" = 'it''s';
      SELECT "select" FROM "Order" ORDER BY at OFFSET 2;]],
  },
}
