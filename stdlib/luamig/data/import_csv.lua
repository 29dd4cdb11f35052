--- op.import_csv: the lines of a file become rows of a table, as they stand or by a function.
local by_host = require("luamig.data.by_host")
local core = require("luamig.core")
local fit = require("luamig.data.fit")
local strict = require("luamig.strict")
local target = require("luamig.data.target")

local import_csv = {}

local function fail(message, hint)
  core.fail("import_csv: " .. message, hint)
end

local function positions_of(names)
  local positions = {}
  for i, name in ipairs(names) do
    positions[name] = i
  end
  return positions
end

-- Which columns of the file are taken: their places, and their names.
local function taken(o, names)
  local positions, list = positions_of(names), {}
  for i, name in ipairs(o.columns or names) do
    list[i] = positions[name]
    if not list[i] then
      fail(("the header of %s has no '%s'%s"):format(o.path, name,
        strict.did_you_mean(name, names)), "header = false where the file has none")
    end
  end
  return list, o.columns or names
end

local function refuse_answer(answer)
  if core.is_row(answer) then
    fail("the function gives back the line itself", "return { column = line.field }")
  end
  fail(("the function gives back %s"):format(type(answer) == "string"
    and ('"%s"'):format(answer) or "a " .. core.type(answer)),
    'a table of columns, nil to leave the line out, or "reject", "why"')
end

local function names_of(answer)
  local names, count = strict.sorted_keys(answer), strict.count_keys(answer)
  if count ~= #names or count == 0 then
    fail("the function gives back " .. (count == 0 and "no column" or "a list"),
      "return { name = line.name }")
  end
  return names
end

-- The columns that the next rows have: those that this one gives, and those of earlier rows that
-- are NULL where they are left out.
local function columns_for(into, before, answer)
  local names = names_of(answer)
  into:require_columns(names, "the function gives")
  local known = strict.set(names)
  for _, name in ipairs(before) do
    if not known[name] and into:is_plain(name) then
      names[#names + 1] = name
    end
  end
  return names
end

local function by_function(o, into, file, counts)
  local fn, writer, columns, all, without_lua = o.fn, nil, {}, {}, 0
  local line = file:next()
  while line do
    counts.read = counts.read + 1
    local answer, why = fn(line)
    if answer == "reject" then
      file:reject(why == nil and "the function rejects it" or tostring(why))
    elseif type(answer) == "table" and not core.is_row(answer) then
      if not (writer and writer:put(answer)) then
        columns = columns_for(into, columns, answer)
        counts.inserted = counts.inserted + (writer and writer:finish() or 0)
        writer = into:writer(columns, file)
        writer:put(answer)
        for _, name in ipairs(columns) do
          all[name] = true
        end
      end
    elseif answer ~= nil then
      refuse_answer(answer)
    end
    if writer then
      -- The next lines, up to one that the function has to be called for.
      local done, more = writer:put_lines(fn)
      counts.read, without_lua = counts.read + done, without_lua + done
      line = more and file:current() or nil
    else
      line = file:next()
    end
  end
  counts.inserted = counts.inserted + (writer and writer:finish() or 0)
  by_host.say("import_csv " .. o.path, without_lua, counts.read, "line")
  return strict.sorted_keys(all)
end

local function as_it_stands(o, into, file, counts)
  local places, columns = taken(o, file:names())
  into:require_columns(columns, "the file has", "columns = { … } says which of them to take")
  local writer = into:writer(columns, file)
  counts.read = file:copy(writer, places)
  counts.inserted = writer:finish()
  return columns
end

local function open(o)
  local names = not o.header and o.columns or nil
  local file = core.csv_open(o.path, o.delimiter, names, o.null, o.max_rejects, "import_csv")
  return file
end

local function literal(file, name, field, rule)
  local value, noun = fit.read(field, rule)
  if value == nil then
    fail(("%s:%d: %s is '%s', which is no %s"):format(file.name, file.csv:line(), name, field,
      noun))
  end
  return value
end

local function rules_of(o, columns)
  local into, rules = core.knows_schema() and target.find(o) or nil, {}
  for i, name in ipairs(columns) do
    rules[i] = into and into:rule_of(name, true) or ""
  end
  return rules
end

local function rows_of(file, places, columns, rules)
  return function()
    local line = file.csv:next()
    if not line then
      return nil
    end
    local row = {}
    for i, place in ipairs(places) do
      local field = line[place]
      if field == nil and rules[i] == "key" then
        fail(("%s:%d: %s is NULL: the key is missing, and SQLite would make one up"):format(
          file.name, file.csv:line(), columns[i]), "leave the column out: columns = { … }")
      end
      row[i] = field == nil and core.null or literal(file, columns[i], field, rules[i])
    end
    return row
  end
end

-- In --sql: the rows as INSERTs.
local function in_text(o)
  if o.fn then
    fail("in --sql no function is asked", "run it online, or import the file as it stands")
  end
  local csv = open(o)
  local places, columns = taken(o, csv:names())
  local file = { csv = csv, name = o.path }
  require("luamig.data.bulk_insert").bulk_insert({
    op = o.op,
    table = o.table,
    schema = o.schema,
    columns = columns,
    rows = rows_of(file, places, columns, rules_of(o, columns)),
  })
  csv:close()
  target.move_sequences(o, columns)
  return { read = 0, inserted = 0, rejected = 0 }
end

--- The counts: read, inserted, rejected.
---@param o table the operation
---@return table<string, integer>
function import_csv.import_csv(o)
  if core.is_offline() then
    return in_text(o)
  end
  local into = target.of(o)
  local file = open(o)
  local counts = { read = 0, inserted = 0, rejected = 0 }
  local columns = (o.fn and by_function or as_it_stands)(o, into, file, counts)
  counts.rejected = file:rejects()
  file:close()
  if counts.inserted > 0 then
    target.move_sequences(o, columns)
  end
  return counts
end

return import_csv
