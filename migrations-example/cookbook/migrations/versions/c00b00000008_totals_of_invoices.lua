--- Recompute the totals of invoices
--
-- What a total was and what it became is written down: somebody will ask, and the way back needs
-- it. A line without a price counts as nothing.

revision = "c00b00000008"
down_revision = "c00b00000007"

local LINES = [[
  (SELECT CAST(coalesce(sum(l.quantity * l.price_cents), 0) AS bigint)
     FROM invoice_lines l WHERE l.invoice_id = invoices.id)]]

function upgrade()
  op.create_table("invoice_corrections", function(t)
    t:bigint("invoice_id", { primary_key = true, references = "invoices.id" })
    t:bigint("was_cents")
    t:bigint("is_cents", { nullable = false })
  end)

  local counts = op.backfill("invoices", {
    read = { "total_cents", lines = LINES },
    write = { "total_cents" },
  }, function(invoice, out)
    if invoice.total_cents == invoice.lines then return nil end
    out:insert("invoice_corrections", {
      invoice_id = invoice.id,
      was_cents = coalesce(invoice.total_cents, null),
      is_cents = invoice.lines,
    })
    return { total_cents = invoice.lines }
  end)
  log("%d of %d totals corrected", counts.changed, counts.read)
end

function downgrade()
  op.execute([[
    UPDATE invoices
       SET total_cents = (SELECT was_cents FROM invoice_corrections WHERE invoice_id = invoices.id)
     WHERE id IN (SELECT invoice_id FROM invoice_corrections)]])
  op.drop_table("invoice_corrections")
end
