--- The SQL of every operation in every dialect, word for word, by the rooms of the registry.
-- `before` is what the database holds, `before_postgresql` and `before_sqlite` what one of them
-- holds besides; `now` sets the core for the spec; `sqlite_error` is the refusal of what SQLite
-- cannot do.
local ROOMS = {
  "tables", "columns", "indexes", "constraints", "comments", "batch", "objects", "statements",
  "query", "session",
}

local goldens = {}
for _, room in ipairs(ROOMS) do
  for _, golden in ipairs(require("goldens." .. room)) do
    goldens[#goldens + 1] = golden
  end
end

return goldens
