local names = require("names")

local function name(word)
  return names.of(db.dialect, word)
end

-- On PostgreSQL a numeric comes as an exact decimal; SQLite has stored a double, whose shortest
-- spelling is what the script of the store says.
local function decimal(money)
  return db.dialect == "sqlite" and exact(tostring(money)) or money
end

function upgrade()
  op.add_column(name("Invoice"),
    sql.column("total_cents", sql.bigint, { nullable = false, server_default = 0 }))

  local totals = db:map(names.fill(db.dialect, "SELECT {InvoiceId}, {Total} FROM {Invoice}"))
  local invoices, all = 0, exact("0.00")
  for id, lines in db:groups(names.fill(db.dialect, [[
    SELECT {InvoiceId} AS invoice, {UnitPrice} AS price, {Quantity} AS quantity
      FROM {InvoiceLine} ORDER BY {InvoiceId}]]), "invoice") do
    local sum = exact("0.00")
    for _, line in ipairs(lines) do
      sum = sum + decimal(line.price) * line.quantity
    end
    if sum ~= decimal(totals[id]) then
      error(("invoice %d is %s, its lines are %s"):format(id, totals[id], sum))
    end
    db:execute(names.fill(db.dialect,
      "UPDATE {Invoice} SET total_cents = :cents WHERE {InvoiceId} = :id"),
      { id = id, cents = (sum * 100):round(0) })
    invoices, all = invoices + 1, all + sum
  end
  op.assert_equal(invoices, 412)
  op.assert_equal(tostring(all), "2328.60")
  op.assert_equal(db:scalar(names.fill(db.dialect, "SELECT sum(total_cents) FROM {Invoice}")) + 0,
    232860)
end

function downgrade()
  op.drop_column(name("Invoice"), "total_cents")
end
