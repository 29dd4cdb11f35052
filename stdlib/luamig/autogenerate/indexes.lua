--- What leads from the indexes of a table or a materialized view to those of the other.
local hanging = require("luamig.autogenerate.hanging")
local marks = require("luamig.autogenerate.marks")
local nodes = require("luamig.autogenerate.nodes")
local parameters = require("luamig.autogenerate.parameters")
local strict = require("luamig.strict")

local indexes = {}

local function index_signature(words, index)
  local parts = { index.unique and "unique" or "", index.using or "",
    words.canon(index.where) or "", index.nulls_not_distinct and "not distinct" or "",
    words.fold(table.concat(index.include or {}, ",")) }
  for _, part in ipairs(index.columns) do
    parts[#parts + 1] = part.name and words.fold(part.name) or words.canon(part.text)
    parts[#parts + 1] = part.name and index.ops and index.ops[part.name] or ""
  end
  return table.concat(parts, "\0")
end

local function hangs_on_index(index, moved)
  local names, texts = {}, {}
  texts[1] = index.where
  for _, part in ipairs(index.columns) do
    names[#names + 1] = part.name
    texts[#texts + 1] = part.text
  end
  for _, name in ipairs(index.include or {}) do
    names[#names + 1] = name
  end
  return hanging.on(names, texts, moved)
end

--- What the indexes of a view have that is made anew.
function indexes.give_back(work, plan, phase, old, new)
  local were = {}
  for _, index in ipairs(old.indexes) do
    were[index.name] = index
  end
  for _, index in ipairs(new.indexes) do
    local was = were[index.name]
    marks.of_made(work, plan, phase, new, index, was,
      was and index_signature(work.words, was) == index_signature(work.words, index) or false)
  end
end

--- The indexes of a table or a materialized view.
---@param moved table? what columns.change gave
function indexes.compare(work, plan, old, new, moved)
  local left = {}
  for _, index in ipairs(old.indexes) do
    left[work.words.fold(index.name)] = index
  end
  for _, index in ipairs(new.indexes) do
    local name = work.words.fold(index.name)
    local was = left[name]
    local is_same = was and index_signature(work.words, was) == index_signature(work.words, index)
    if is_same and not hangs_on_index(index, moved) then
      left[name] = nil
      parameters.compare_index(work, plan, new, index.name, was.with, index.with)
    else
      local is_wider = index.unique and not (was and was.unique and hangs_on_index(index, moved))
      plan:add("index_new", nodes.create_index(new, index),
        is_wider and "fails where rows share a value" or nil)
      marks.of_made(work, plan, "index_new", new, index, was, is_same)
    end
  end
  for _, name in ipairs(strict.sorted_keys(left)) do
    plan:add("index_drop", nodes.drop_index(new, left[name]))
  end
end

return indexes
