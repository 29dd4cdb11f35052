-- on: postgres
-- Statements whose trees are deep without a bracket: the parser's, in luamig's own process.
for _, text in ipairs({ "SELECT 1" .. (" + 1"):rep(100000), "SELECT 1" .. (" + 1"):rep(1000000),
  "SELECT 1" .. ("::int"):rep(200000), "SELECT ''" .. (" || $a$x$a$"):rep(100000),
  "SELECT 1 FROM kept" .. (" CROSS JOIN kept AS a"):rep(100000),
  "SELECT 1 FROM kept" .. (" JOIN kept AS a ON true AND true"):rep(100000),
  "SELECT 1, 1" .. (" UNION SELECT 1, 1"):rep(100000), "SELECT 1 COLLATE \"C\"" .. (" COLLATE \"C\""):rep(100000),
  "SELECT (1)" .. (" + (1)"):rep(100000), "SELECT (ARRAY[1])" .. ("[1]"):rep(100000),
  "SELECT " .. ("NOT "):rep(200000) .. "true", "SELECT " .. ("("):rep(200000) .. "1" .. (")"):rep(200000) }) do
  db:scalar("SELECT 1")
  pcall(db.execute, db, text)
end
