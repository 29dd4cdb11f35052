--- Order totals
--
-- What an order costs, as a view. It needs cents from one branch and titles from the other, so it
-- stands on the merge.

revision = "6d4c9b2ea071"
down_revision = "a80f4d17e65b"

function upgrade()
  op.execute([[
    CREATE VIEW order_totals AS
    SELECT o.id AS order_id,
           o.customer_id,
           count(*) AS items,
           sum(i.quantity * i.unit_price_cents) AS total_cents,
           min(p.title) AS first_title
      FROM orders o
      JOIN order_items i ON i.order_id = o.id
      JOIN products p ON p.id = i.product_id
     GROUP BY o.id, o.customer_id]])
end

function downgrade()
  op.execute("DROP VIEW order_totals")
end
