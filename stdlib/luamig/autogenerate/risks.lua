--- What a change of a column's type may do to the values that are there, in the words of a comment.
local shape_words = require("luamig.dialect.sqlite.shape_words")

local risks = {}

-- "numeric(10,2)": its name, and its numbers.
local function parts_of(text)
  local name, first, second, rest = text:lower():match("^(.-)%((%d+),?(%d*)%)(.*)$")
  if not name then
    return text:lower(), nil, nil
  end
  return name .. rest, tonumber(first), tonumber(second) or 0
end

local TEXTS = { text = true, ["character varying"] = true, character = true, citext = true,
  varchar = true, char = true }
local WHOLE = { smallint = 1, integer = 2, bigint = 3 }
local FLOATS = { real = 1, ["double precision"] = 2 }
local STAMPS = { ["timestamp without time zone"] = true, ["timestamp with time zone"] = true }

local CUT = "fails where a value is too long"
local RANGE = "fails where a value is out of range"
local ROUND = "rounds values, and fails where one is out of range"

local function of_texts(new_name, new_length, old_name, old_length)
  if new_name == "character" and not new_length then
    new_length = 1
  end
  if old_name == "character" and not old_length then
    old_length = 1
  end
  if new_length and (not old_length or old_length > new_length) then
    return CUT
  end
  return nil
end

local function of_numerics(precision, scale, old_precision, old_scale)
  if not precision then
    return nil
  elseif not old_precision or scale < old_scale then
    return ROUND
  elseif precision - scale < old_precision - old_scale then
    return RANGE
  end
  return nil
end

-- How many digits a whole number may have.
local DIGITS = { smallint = 5, integer = 10, bigint = 19 }

local function of_numbers(new, precision, scale, old, old_precision, old_scale)
  if WHOLE[new] and WHOLE[old] then
    return WHOLE[new] < WHOLE[old] and RANGE or nil
  elseif new == "numeric" and old == "numeric" then
    return of_numerics(precision, scale, old_precision, old_scale)
  elseif new == "numeric" and WHOLE[old] then
    return precision and precision - scale < DIGITS[old] and RANGE or nil
  elseif FLOATS[new] and FLOATS[old] then
    return FLOATS[new] < FLOATS[old] and ROUND or nil
  elseif new == "double precision" and WHOLE[old] and WHOLE[old] < 3 then
    return nil
  end
  return ROUND
end

local function is_number(name)
  return WHOLE[name] or FLOATS[name] or name == "numeric"
end

local function of_times(new, old)
  if new == "date" and STAMPS[old] then
    return "destroys the time of day"
  elseif STAMPS[new] and old == "date" then
    return nil
  elseif new == old then
    return "rounds the seconds"
  elseif STAMPS[new] and STAMPS[old] then
    return "reads the times in the time zone of the session"
  end
  return "may fail, or change what the values say"
end

local SAFE = { ["jsonb json"] = true, ["boolean integer"] = true }
local KNOWN = { ["json jsonb"] = "loses the order of the keys, and keys that come twice" }

--- Of PostgreSQL. nil: nothing can happen to a value.
---@param old string
---@param new string
---@return string?
function risks.on_postgresql(old, new)
  local new_name, new_first, new_second = parts_of(new)
  local old_name, old_first, old_second = parts_of(old)
  if TEXTS[new_name] and TEXTS[old_name] then
    return of_texts(new_name, new_first, old_name, old_first)
  elseif TEXTS[new_name] then
    return new_first and "cuts values off that are longer" or nil
  elseif is_number(new_name) and is_number(old_name) then
    return of_numbers(new_name, new_first, new_second, old_name, old_first, old_second)
  elseif SAFE[old_name .. " " .. new_name] then
    return nil
  elseif KNOWN[old_name .. " " .. new_name] then
    return KNOWN[old_name .. " " .. new_name]
  elseif old_name == new_name and (not new_first or old_first and new_first >= old_first) then
    return nil
  elseif new_name == "date" or STAMPS[new_name] then
    return of_times(new_name, old_name)
  end
  return "may fail, or change what the values say"
end

--- Of SQLite, which keeps a value that is none of the new type as it is.
---@param old string
---@param new string
---@return string?
function risks.on_sqlite(old, new)
  local was, is = shape_words.affinity(old), shape_words.affinity(new)
  if new == "DATE" and (old == "DATETIME" or old == "TIMESTAMP") then
    return "the values keep their time of day, which date(…) in an UPDATE cuts off"
  elseif was == is or is == "BLOB" or is == "TEXT" and was == "INTEGER" then
    return nil
  elseif is == "TEXT" then
    return was == "BLOB" and nil or "numbers become texts"
  elseif was == "TEXT" or was == "BLOB" then
    return "texts that look like numbers become numbers: '007' becomes 7"
  elseif is == "REAL" then
    return "whole numbers beyond 2^53 are rounded"
  end
  return nil
end

return risks
