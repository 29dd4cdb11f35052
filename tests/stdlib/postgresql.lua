--- PostgreSQL for the specs, through psql: the server of LUAMIG_TEST_PG, where everything happens
-- in one transaction that is rolled back.
local postgresql = { url = os.getenv("LUAMIG_TEST_PG") }

--- Runs texts one after the other and forgets what they did. Returns what psql printed; an error of
-- the database is an error here.
---@param texts string[]
---@return string
function postgresql.try(texts)
  local input = os.tmpname()
  local file = assert(io.open(input, "w"))
  file:write("BEGIN;\n", table.concat(texts, ";\n"), ";\nROLLBACK;\n")
  file:close()
  local pipe = assert(io.popen(("psql -XAtq -v ON_ERROR_STOP=1 -d '%s' -f '%s' 2>&1; "
    .. "echo \"status $?\""):format(postgresql.url, input)))
  local output = pipe:read("*a")
  pipe:close()
  os.remove(input)
  local printed, status = output:match("^(.*)status (%d+)\n$")
  if status ~= "0" then
    error(("psql: %s\n%s"):format(printed, table.concat(texts, ";\n")), 2)
  end
  return printed
end

return postgresql
