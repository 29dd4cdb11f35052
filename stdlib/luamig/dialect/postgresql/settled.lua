--- PostgreSQL's text of an expression as it stays. Of a varchar column x IN ('a', 'b') is printed
-- as (ARRAY['a'::varchar, …])::text[]; what PostgreSQL reads of that is printed in another way, as
-- ARRAY[('a'::varchar)::text, …], which stays.

-- The last character of what begins at `at`: a text or name in quotes, or one character.
local function end_of(text, at)
  local quote = text:match("^['\"]", at)
  return quote and text:find(quote, at + 1, true) or at
end

-- The elements of the list whose "[" stands at `at`, and where its "]" stands.
local function elements_of(text, at)
  local parts, depth, first = {}, 1, at + 1
  at = at + 1
  while at <= #text do
    local sign = text:sub(at, at)
    if sign:find("[%(%[]") then
      depth = depth + 1
    elseif sign:find("[%)%]]") then
      depth = depth - 1
    end
    if depth == 0 or depth == 1 and sign == "," then
      parts[#parts + 1] = text:sub(first, at - 1):match("^%s*(.-)%s*$")
      first = at + 1
    end
    if depth == 0 then
      return parts, at
    end
    at = (end_of(text, at) or #text) + 1
  end
  return nil
end

-- "(ARRAY[…])::type[]" that begins at `at`: what stays of it, and where it ends.
local function settled_array(text, at)
  local parts, last = elements_of(text, at + 6)
  local cast, stop = nil, nil
  if parts then
    cast, stop = text:match("^%)::([%a_][%w_ ]*)%[%]()", last + 1)
  end
  if not cast then
    return nil
  end
  for i, part in ipairs(parts) do
    parts[i] = ("(%s)::%s"):format(part, cast)
  end
  return ("ARRAY[%s]"):format(table.concat(parts, ", ")), stop - 1
end

local settled = {}

--- The text as it stays.
---@param text string
---@return string
function settled.text(text)
  if not text:find("(ARRAY[", 1, true) then
    return text
  end
  local made, at, copied = {}, 1, 1
  while at <= #text do
    local array, last
    if text:sub(at, at + 6) == "(ARRAY[" then
      array, last = settled_array(text, at)
    end
    if array then
      made[#made + 1] = text:sub(copied, at - 1) .. array
      copied = last + 1
    end
    at = (last or end_of(text, at) or #text) + 1
  end
  return table.concat(made) .. text:sub(copied)
end

return settled
