-- on: sqlite postgres
-- An address that the host calls through, given by a script.
for _, text in ipairs({ "SELECT fts3_tokenizer('zz', :p)", "SELECT FTS3_Tokenizer('zz', :p)",
  "SELECT fts3_tokenizer('simple') WHERE :p IS NOT NULL" }) do
  if pcall(db.scalar, db, text, { p = blob("AAAAAAAA") }) then escaped(text) end
end
