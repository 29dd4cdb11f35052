--- Plain values as a text and back: what a durable revision keeps of what a step gave back, and by
-- which it knows a step again. Every value begins with a letter, and a text with its length.
local core = require("luamig.core")
local node = require("luamig.node")

local record = {}

local MOST_DEPTH = 50

local write

local function sized(letter, text)
  return ("%s%d:%s"):format(letter, #text, text)
end

-- By their spelling, so that equal tables have equal texts.
local function sorted(t)
  local parts = {}
  for key, value in next, t do
    parts[#parts + 1] = { key, value }
  end
  table.sort(parts, function(a, b)
    return type(a[1]) .. tostring(a[1]) < type(b[1]) .. tostring(b[1])
  end)
  return parts
end

-- What a script can see of an error.
local ERROR = {
  "message", "kind", "sql", "sqlstate", "table", "column", "constraint", "hint", "file", "line",
}

local function write_error(value, out, depth)
  local fields = {}
  for _, name in ipairs(ERROR) do
    fields[name] = value[name]
  end
  out[#out + 1] = "E"
  write(fields, out, depth + 1)
end

local function write_table(t, out, depth)
  if depth > MOST_DEPTH then
    core.fail("a step of a durable revision gives back a value that is nested too deeply")
  end
  local parts = sorted(t)
  out[#out + 1] = ("T%d:"):format(#parts)
  for _, part in ipairs(parts) do
    write(part[1], out, depth + 1)
    write(part[2], out, depth + 1)
  end
end

local plain = {
  ["nil"] = function()
    return "n"
  end,
  null = function()
    return "0"
  end,
  boolean = function(value)
    return value and "t" or "f"
  end,
  number = function(value)
    return sized("d", ("%.17g"):format(value))
  end,
  blob = function(value)
    return sized("b", tostring(value))
  end,
  string = function(value)
    return sized("s", value)
  end,
  exact = function(value)
    return sized("e", core.digits(value))
  end,
  int64 = function(value)
    return sized("e", core.digits(value))
  end,
}

local refused = {}

-- `out.other`: what stands for a value that cannot be kept, or `refused`.
function write(value, out, depth)
  local kind = core.type(value)
  value = node.resolve(value)
  if plain[kind] then
    out[#out + 1] = plain[kind](value)
  elseif kind == "error" then
    write_error(value, out, depth)
  elseif type(value) == "table" and (out.other ~= refused or getmetatable(value) == nil) then
    write_table(value, out, depth)
  elseif out.other ~= refused then
    out[#out + 1] = kind == "function" and sized("F", core.source_of(value) or "?") or out.other
  else
    local what = kind ~= "table" and kind or core.is_row(value) and "row" or "table of luamig's"
    core.fail(("a step of a durable revision gives back a %s, which cannot be kept"):format(what),
      "give back nil, a boolean, a number, a text or a plain table of them")
  end
end

--- The text of a value that can be kept.
---@param value any
---@return string
function record.write(value)
  local out = { other = refused }
  write(value, out, 0)
  return table.concat(out)
end

--- A text that is equal where what is asked for is: a function is known by its source, other
-- objects are passed over.
---@param value any
---@return string
function record.spelling(value)
  local out = { other = "?" }
  write(value, out, 0)
  return table.concat(out)
end

local read

local readers = {
  n = function(_, at)
    return nil, at
  end,
  t = function(_, at)
    return true, at
  end,
  f = function(_, at)
    return false, at
  end,
  ["0"] = function(_, at)
    return core.null, at
  end,
}

local function fail_damaged()
  core.fail("luamig_progress holds a damaged record",
    "take the revision back by `luamig abort`, or restore the table")
end

local function read_count(text, at)
  local count, colon = text:match("^(%d+)():", at)
  if not count then
    fail_damaged()
  end
  return tonumber(count), colon + 1
end

local function read_sized(text, at)
  local size, from = read_count(text, at)
  if from + size - 1 > #text then
    fail_damaged()
  end
  return text:sub(from, from + size - 1), from + size
end

function readers.s(text, at)
  return read_sized(text, at)
end

function readers.b(text, at)
  local bytes, after = read_sized(text, at)
  return core.blob(bytes), after
end

function readers.d(text, at)
  local digits, after = read_sized(text, at)
  return tonumber(digits), after
end

function readers.e(text, at)
  local digits, after = read_sized(text, at)
  return core.exact(digits), after
end

function readers.E(text, at)
  local fields
  fields, at = read(text, at)
  return core.error(fields), at
end

function readers.T(text, at)
  local t = {}
  local count, after = read_count(text, at)
  for _ = 1, count do
    local key, value
    key, after = read(text, after)
    value, after = read(text, after)
    t[key] = value
  end
  return t, after
end

function read(text, at)
  local reader = readers[text:sub(at, at)]
  if not reader then
    fail_damaged()
  end
  return reader(text, at + 1)
end

--- The value of a text that `record.write` gave.
---@param text string
---@return any
function record.read(text)
  local value = read(text, 1)
  return value
end

return record
