--- A shape for people to read: the list of its tables, or one of them in full.
local core = require("luamig.core")
local plural = require("luamig.plural")
local shape = require("luamig.autogenerate.shape")
local strict = require("luamig.strict")

local show = {}

local function padded(rows)
  local widths, lines = {}, {}
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row) do
      widths[i] = math.max(widths[i] or 0, #cell)
    end
  end
  for n, row in ipairs(rows) do
    local parts = {}
    for i, cell in ipairs(row) do
      parts[i] = cell .. (" "):rep(widths[i] - #cell)
    end
    lines[n] = ("  " .. table.concat(parts, "  ")):gsub("%s+$", "")
  end
  return lines
end

local function about(column)
  local parts = {}
  if column.identity then
    parts[#parts + 1] = column.identity.always and "numbers itself, always" or "numbers itself"
  end
  if column.default then
    parts[#parts + 1] = "default " .. column.default
  end
  if column.computed then
    parts[#parts + 1] = "computed " .. column.computed
  end
  if column.collation then
    parts[#parts + 1] = "collation " .. column.collation
  end
  if column.comment then
    parts[#parts + 1] = "-- " .. column.comment
  end
  return table.concat(parts, "  ")
end

local function listed(names)
  return ("(%s)"):format(table.concat(names, ", "))
end

local texts = {}

function texts.primary_key(c)
  return "primary key " .. listed(c.columns)
end

function texts.unique(c)
  return "unique " .. listed(c.columns)
end

function texts.check(c)
  return ("check (%s)"):format(c.condition)
end

function texts.foreign_key(c)
  local text = ("foreign key %s to %s %s"):format(listed(c.columns),
    shape.key(c.target_schema, c.target), listed(c.target_columns))
  text = c.ondelete and text .. " on delete " .. c.ondelete:lower() or text
  return c.onupdate and text .. " on update " .. c.onupdate:lower() or text
end

function texts.exclude(c)
  local parts = {}
  for i, element in ipairs(c.elements) do
    parts[i] = element.text .. " with " .. element.operator
  end
  return ("exclude using %s %s"):format(c.using, listed(parts))
end

local function constraint_line(c)
  local text = texts[c.kind](c)
  if c.deferrable then
    text = text .. (c.initially == "DEFERRED" and " deferred" or " deferrable")
  end
  return { text, c.auto and "" or c.name }
end

local function index_line(index)
  local parts = {}
  for i, part in ipairs(index.columns) do
    parts[i] = part.name or part.text
  end
  local text = (index.unique and "unique index " or "index ") .. listed(parts)
  text = index.using and text .. " using " .. index.using or text
  text = index.include and text .. " include " .. listed(index.include) or text
  return { index.where and text .. " where " .. index.where or text, index.name }
end

local function add_all(lines, rows)
  for _, line in ipairs(padded(rows)) do
    lines[#lines + 1] = line
  end
end

local function referring(of_shape, key)
  local rows = {}
  for _, of in shape.each(of_shape.tables) do
    for _, c in ipairs(of.constraints) do
      if c.kind == "foreign_key" and shape.key(c.target_schema, c.target) == key then
        rows[#rows + 1] = { ("referred to by %s %s"):format(shape.key(of.schema, of.name),
          listed(c.columns)) }
      end
    end
  end
  return rows
end

local function table_text(of_shape, key, of)
  local rows = {}
  for i, column in ipairs(of.columns) do
    rows[i] = { column.name, column.serial or column.type, column.nullable and "" or "not null",
      about(column) }
  end
  local lines = { key .. (of.comment and "  -- " .. of.comment or "") }
  add_all(lines, rows)
  rows = { of.primary_key and constraint_line(of.primary_key) }
  for _, c in ipairs(of.constraints) do
    rows[#rows + 1] = constraint_line(c)
  end
  for _, index in ipairs(of.indexes) do
    rows[#rows + 1] = index_line(index)
  end
  add_all(lines, rows)
  add_all(lines, referring(of_shape, key))
  return table.concat(lines, "\n") .. "\n"
end

local function overview(of_shape)
  local rows = {}
  for key, of in shape.each(of_shape.tables) do
    rows[#rows + 1] = { key, "table", plural.of(#of.columns, "column") }
  end
  for key, p in shape.each(of_shape.partitions) do
    rows[#rows + 1] = { key, "partition", "of " .. shape.key(p.table_schema, p.table) }
  end
  for key, view in shape.each(of_shape.views) do
    rows[#rows + 1] = { key, view.materialized and "materialized view" or "view", "" }
  end
  for key, e in shape.each(of_shape.enums) do
    rows[#rows + 1] = { key, "enum", table.concat(e.values, ", ") }
  end
  for key in shape.each(of_shape.sequences) do
    rows[#rows + 1] = { key, "sequence", "" }
  end
  for key, domain in shape.each(of_shape.domains) do
    rows[#rows + 1] = { key, "domain", domain.type .. ", not compared" }
  end
  local lines = padded(rows)
  for i, line in ipairs(lines) do
    lines[i] = line:sub(3)
  end
  return #lines > 0 and table.concat(lines, "\n") .. "\n" or ""
end

--- The tables and views of a shape, one a line; or one of them in full.
---@param words table the dialect's shape_words
---@param of_shape table
---@param wanted string?
---@return string
function show.text(words, of_shape, wanted)
  if not wanted then
    return overview(of_shape)
  end
  local known = {}
  for _, things in ipairs({ of_shape.tables, of_shape.views }) do
    for _, key in ipairs(strict.sorted_keys(things)) do
      known[#known + 1] = key
      if words.fold(key) == words.fold(wanted) then
        local thing = things[key]
        return thing.query and ("%s\n%s\n"):format(key, thing.query)
          or table_text(of_shape, key, thing)
      end
    end
  end
  core.fail(("there is no table '%s'%s"):format(wanted, strict.did_you_mean(wanted, known)))
end

return show
