-- on: sqlite postgres
-- Files that luamig itself reads in the next run.
for _, path in ipairs({ "env.lua", "lib/evil.lua", "versions/evil.lua", "versions/evil.SQL", "script.lua.tmpl",
  ".env", "luamig.toml" }) do
  if pcall(op.export_csv, "SELECT 1 AS a", path) then escaped(path) end
end
