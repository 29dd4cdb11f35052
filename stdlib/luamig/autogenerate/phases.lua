--- In which order operations are safe: names first, what hangs on something before it goes, what is
-- needed before what needs it.
local phases = {}

local ORDER = {
  "irreversible", "view_drop", "rename", "schema", "enum", "sequence", "fk_drop", "partition_drop",
  "table_drop", "index_drop", "table_plain", "constraint_drop", "computed_drop", "remake",
  "column_add", "column_alter", "computed_add", "column_drop", "key_new", "table_special",
  "key_alter", "constraint_new", "table_new", "partition_new", "index_new", "fk_new", "option",
  "comment", "view_new", "sequence_drop", "enum_drop",
}

local methods = {}
methods.__index = methods

--- Lists of operations to be filled, by the name of their phase.
---@return table
function phases.new()
  local made = setmetatable({ lists = {} }, methods)
  for _, name in ipairs(ORDER) do
    made.lists[name] = {}
  end
  return made
end

--- Adds an operation. `note`: what a reader should know of it.
---@param phase string
---@param o table
---@param note string?
function methods:add(phase, o, note)
  o.note = note
  table.insert(self.lists[phase], o)
end

--- All of them in order.
---@return table[]
function methods:all()
  local all = {}
  for _, name in ipairs(ORDER) do
    for _, o in ipairs(self.lists[name]) do
      all[#all + 1] = o
    end
  end
  return all
end

-- Those without an unmet need, in the order given; the rest is cut where `cut` says.
local function place(name, needs, state, order, cut)
  if state[name] == "done" then
    return
  end
  state[name] = "open"
  for _, need in ipairs(needs[name] or {}) do
    if state[need] == "open" then
      cut(name, need)
    elseif needs[need] then
      place(need, needs, state, order, cut)
    end
  end
  state[name] = "done"
  order[#order + 1] = name
end

--- Names in an order in which each comes after what it needs. `cut(name, need)` is told of needs
-- that a circle makes impossible.
---@param names string[]
---@param needs table<string, string[]>
---@param cut fun(name: string, need: string)
---@return string[]
function phases.sorted(names, needs, cut)
  local state, order = {}, {}
  for _, name in ipairs(names) do
    place(name, needs, state, order, cut)
  end
  return order
end

return phases
