--- luajit list_goldens.lua REPOSITORY: every golden that can run as a migration, one a line: its
-- room, its place there, and in hexadecimal digits its fact and what the database holds before it,
-- on SQLite and on PostgreSQL ("-": not for this engine).
local repository = assert(arg[1])
package.path = ("%s/stdlib/?.lua;%s/tests/stdlib/?.lua"):format(repository, repository)
package.loaded["luamig.core"] = require("core")

local function hex(text)
  return (text:gsub(".", function(byte)
    return ("%02x"):format(byte:byte())
  end))
end

local listing = assert(io.open(repository .. "/tests/stdlib/goldens.lua")):read("*a")
for room in listing:match("ROOMS = (%b{})"):gmatch('"(%w+)"') do
  for i, golden in ipairs(require("goldens." .. room)) do
    -- What sets the core needs more than a migration says, and what --sql alone holds is an error.
    if not golden.now then
      local before = golden.before or ""
      print(room, i, hex(golden.op .. ": " .. golden.fact),
        golden.sqlite and "x" .. hex(before .. ";" .. (golden.before_sqlite or "")) or "-",
        golden.postgresql and "x" .. hex(before .. ";" .. (golden.before_postgresql or "")) or "-")
    end
  end
end
