--- Money in whole cents
--
-- PostgreSQL keeps numeric(10, 2) exactly, SQLite as a floating-point number. Cents are integers,
-- and the same everywhere. The prices come as text and are turned by exact(), which computes with
-- decimals: 4.35 * 100 is 434.99999999999994 in Lua's own numbers.

revision = "5be7410fc3a8"
down_revision = "90d2e7ab154c"

-- Where there is money, and what it is called from now on.
local MONEY = {
  { table = "products", old = "price", new = "price_cents" },
  { table = "order_items", old = "unit_price", new = "unit_price_cents" },
}

local function to_cents(money)
  local query = sql.format("SELECT id, CAST(%I AS text) AS amount FROM %I", money.old, money.table)
  local update = sql.format("UPDATE %I SET %I = :cents WHERE id = :id", money.table, money.new)
  for row in db:rows(query) do
    db:execute(update, { id = row.id, cents = exact(row.amount) * 100 })
  end
end

local function add_money(table_name, name, type)
  op.add_column(table_name, sql.column(name, type, { nullable = false, server_default = 0 }))
end

function upgrade()
  for _, money in ipairs(MONEY) do
    add_money(money.table, money.new, sql.bigint)
    to_cents(money)
    op.drop_column(money.table, money.old)
  end
end

function downgrade()
  for _, money in ipairs(MONEY) do
    add_money(money.table, money.old, sql.numeric(10, 2))
    op.execute(sql.format("UPDATE %I SET %I = %I / 100.0", money.table, money.old, money.new))
    op.drop_column(money.table, money.new)
  end
end
