--- What no shape holds, in words: how many there are of each kind (dialect/…/left_out.lua).
local counted = {}

local PLURAL = { policy = "policies", ["column's VIRTUAL"] = "columns' VIRTUAL",
  ["table that inherits"] = "tables that inherit" }

local function shown(n, what)
  return ("%d %s"):format(n, n == 1 and what or PLURAL[what] or what .. "s")
end

--- "2 triggers, 1 extension (citext)"; nil where there is nothing.
---@param counts { what: string, n: integer, names?: string }[]
---@return string?
function counted.text(counts)
  local parts = {}
  for _, one in ipairs(counts) do
    if one.n > 0 then
      local names = one.names and (" (%s)"):format(one.names) or ""
      parts[#parts + 1] = shown(one.n, one.what) .. names
    end
  end
  return parts[1] and table.concat(parts, ", ")
end

--- Lines about the kinds of which the one database has more or fewer than the other.
---@param from { what: string, n: integer }[]? nil: it is none
---@param to { what: string, n: integer, is_said_only?: boolean }[]?
---@return string[]
function counted.differences(from, to)
  local lines = {}
  for i, one in ipairs(from and to or {}) do
    if one.n ~= from[i].n and not one.is_said_only then
      lines[#lines + 1] = ("%s instead of %d"):format(shown(one.n, one.what), from[i].n)
    end
  end
  return lines
end

return counted
