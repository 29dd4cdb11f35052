--- SQLAlchemy's names: each is the node that a word of `sql` makes.
local core = require("luamig.core")
local sa = require("luamig.sa")
local spec = require("spec")
local sql = require("luamig.sql")

local equal, raises, test = spec.equal, spec.raises, spec.test

local function type_of(t)
  return sql.column("a", t).type
end

test("sa: types are the same values and calls", function()
  local pairs_of = {
    { sa.Integer, sql.integer }, { sa.Integer(), sql.integer }, { sa.BigInteger(), sql.bigint },
    { sa.SmallInteger, sql.smallint }, { sa.String, sql.string }, { sa.String(50), sql.string(50) },
    { sa.String({ length = 50 }), sql.string(50) }, { sa.Unicode(9), sql.string(9) },
    { sa.Text(), sql.text }, { sa.Boolean(), sql.boolean }, { sa.Float, sql.double },
    { sa.Numeric(10, 2), sql.numeric(10, 2) }, { sa.Numeric, sql.numeric },
    { sa.Numeric({ precision = 10, scale = 2 }), sql.numeric(10, 2) },
    { sa.Numeric(10, 2, { asdecimal = false }), sql.numeric(10, 2) },
    { sa.Date(), sql.date }, { sa.Time, sql.time }, { sa.DateTime(), sql.datetime },
    { sa.DateTime({ timezone = true }), sql.timestamptz }, { sa.TIMESTAMP, sql.timestamp },
    { sa.LargeBinary(), sql.binary }, { sa.JSON, sql.json }, { sa.UUID(), sql.uuid },
    { sa.UUID({ as_uuid = true }), sql.uuid }, { sa.Interval(), sql.interval },
    { sa.postgresql.JSONB({ astext_type = sa.Text() }), sql.jsonb },
    { sa.ARRAY(sa.String(5)), sql.array(sql.string(5)) },
    { sa.Enum("a", "b", { name = "mood" }), sql.enum("mood", { "a", "b" }) },
  }
  for _, pair in ipairs(pairs_of) do
    equal(type_of(pair[1]), type_of(pair[2]))
  end
end)

test("sa: columns take their parts beside the type", function()
  equal(sa.Column("a", sa.Integer()), sql.column("a", sql.integer))
  equal(sa.Column("a", sa.Integer(), { primary_key = true }),
    sql.column("a", sql.integer, { primary_key = true }))
  equal(sa.Column("a", sa.Integer, sa.ForeignKey("users.id", { ondelete = "CASCADE" }),
    { nullable = false }),
    sql.column("a", sql.integer, { references = "users.id", ondelete = "CASCADE",
      nullable = false }))
  equal(sa.Column("a", sa.Integer, sa.Computed("b * 2")),
    sql.column("a", sql.integer, { computed = "b * 2" }))
  equal(sa.Column("a", sa.Integer, sa.Identity({ always = true })),
    sql.column("a", sql.integer, { identity = { always = true } }))
end)

test("sa: constraints name their columns one after the other", function()
  equal(sa.PrimaryKeyConstraint("id"), sql.primary_key({ "id" }))
  equal(sa.PrimaryKeyConstraint("a", "b", { name = "pk" }),
    sql.primary_key({ "a", "b" }, { name = "pk" }))
  equal(sa.UniqueConstraint("sku"), sql.unique({ "sku" }))
  equal(sa.ForeignKeyConstraint({ "user_id" }, { "users.id" }, { name = "fk" }),
    sql.foreign_key({ "user_id" }, { "users.id" }, { name = "fk" }))
  equal(sa.CheckConstraint("a > 0", { name = "ck" }), sql.check("a > 0", { name = "ck" }))
  equal(sa.Index("ix", "a", "b", { unique = true }), sql.index("ix", { "a", "b" },
    { unique = true }))
end)

test("sa: now() is what each engine calls it", function()
  equal(sa.text("now()"), sql.now())
  equal(sa.func.now(), sql.now())
  equal(sa.text("CURRENT_TIMESTAMP"), sql.now())
  equal(sa.text("gen_random_uuid()"), sql.raw("gen_random_uuid()"))
  equal(sa.func.gen_random_uuid(), sql.raw("gen_random_uuid()"))
  raises("sa.func.lower takes no arguments here", function() sa.func.lower("x") end,
    'sql.raw("lower(…)")')
end)

test("sa: tables and queries", function()
  local users = sa.table("users", sa.column("id", sa.Integer), sa.column("status", sa.String))
  core.now.dialect = "sqlite"
  local op = require("luamig.op")
  op.execute(users:update():values({ status = "active" }):where(sa.not_(users.c.id:eq(3))))
  op.execute(sa.delete(users):where(sa.or_(users.c.id:eq(1), users.c.id:eq(2))))
  equal(spec.sent(), "UPDATE users SET status = 'active' WHERE NOT (id = 3);\n"
    .. "DELETE FROM users WHERE id = 1 OR id = 2;")
end)

test("sa: what is not there is answered", function()
  raises("unknown name 'sa.Strin' (did you mean 'String'?)", function() return sa.Strin end)
  raises("sa.String: unknown option 'lenght'", function() sa.String({ lenght = 5 }) end)
  raises("sa.Enum: 'name' is missing", function() sa.Enum("a", "b") end)
  raises("sql.column: unknown option 'default': a client-side default means nothing in a "
    .. "migration: use 'server_default'", function()
      sa.Column("n", sa.Integer(), { nullable = false, default = 1 })
    end)
end)
