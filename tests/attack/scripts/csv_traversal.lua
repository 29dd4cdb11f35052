-- on: sqlite postgres
-- Files that csv may not open.
local csv = csv
for _, path in ipairs({ "../secret.csv", "/etc/passwd", "link.csv", "seed/../../secret.csv",
  "", ".", "seed//x", "secret.csv\0" }) do
  local ok, value = pcall(function()
    for row in csv.rows(path, { columns = { "a" } }) do return row.a end
  end)
  if ok and value then escaped("read " .. path .. ": " .. tostring(value)) end
end
