-- Files by SQL.
for _, text in ipairs({ "ATTACH '../canary' AS c", "ATTACH '/tmp/luamig_attack.db' AS c",
  "VACUUM INTO '/tmp/luamig_attack.db'", "SELECT load_extension('x')", "DETACH main",
  "SELECT writefile('/tmp/luamig_attack', 'x')", "SELECT readfile('/etc/passwd')",
  "SELECT fts3_tokenizer('simple', x'41414141')" }) do
  if pcall(db.execute, db, text) then escaped(text) end
end
