-- Rows from an iterator without end.
op.execute("CREATE TABLE flood (a integer)")
op.bulk_insert("flood", function() while true do end end)
