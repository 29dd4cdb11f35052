-- 0.10 three times and 0.20 is 0.50, which the sum of doubles is not.
local LINES = { { 1, "0.10", 3 }, { 1, "0.20", 1 }, { 2, "19.99", 100 }, { 2, "0.01", 1 } }
local TOTALS = { "0.50", "1999.01" }

function upgrade()
  op.create_table("receipts", function(t)
    t:integer("id", { primary_key = true, autoincrement = false })
    t:numeric("total", 12, 2, { nullable = false })
  end)
  op.create_table("receipt_lines", function(t)
    t:id()
    t:integer("receipt_id", { nullable = false, references = "receipts.id" })
    t:numeric("price", 12, 2, { nullable = false })
    t:integer("quantity", { nullable = false })
  end)
  for id, total in ipairs(TOTALS) do
    db:execute("INSERT INTO receipts VALUES ($1, $2)", { id, total })
  end
  for _, line in ipairs(LINES) do
    db:execute("INSERT INTO receipt_lines (receipt_id, price, quantity) VALUES ($1, $2, $3)", line)
  end

  local totals = db:map("SELECT id, CAST(total AS text) FROM receipts")
  for id, lines in db:groups([[
    SELECT receipt_id, CAST(price AS text) AS price, quantity
      FROM receipt_lines ORDER BY receipt_id]], "receipt_id") do
    local sum = exact("0.00")
    for _, line in ipairs(lines) do
      sum = sum + exact(line.price) * line.quantity
    end
    op.assert_equal(sum - exact(totals[id]) == exact("0"), true, "receipt " .. id)
  end
end

function downgrade()
  op.drop_table("receipt_lines")
  op.drop_table("receipts")
end
