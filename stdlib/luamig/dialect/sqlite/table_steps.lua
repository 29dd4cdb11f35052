--- The step that changes what a table is as a whole (see steps.lua): STRICT, WITHOUT ROWID,
-- AUTOINCREMENT.
local core = require("luamig.core")
local edit = require("luamig.dialect.sqlite.edit")
local stored = require("luamig.dialect.sqlite.stored_table")
local words = require("luamig.dialect.sqlite.shape_words")

local function set_autoincrement(state, wanted)
  local key = stored.primary_key(state.parsed)
  if not wanted then
    state:edited(edit.drop_autoincrement(state.parsed))
  elseif not key or not stored.rowid_column(state.parsed) then
    core.fail(("alter_table: no column of '%s' numbers itself"):format(state.before.name),
      "AUTOINCREMENT takes a primary key of one INTEGER column")
  elseif not key.autoincrement then
    state:edited(edit.add_autoincrement(state.parsed, key))
  end
  state.asked_keys = true
end

-- In a STRICT table each type is one of the few that it knows.
local function make_types_strict(state)
  for _, planned in ipairs(state.columns) do
    local described = stored.column(state.parsed, planned.name)
    local is = described.type and stored.words(state.parsed, unpack(described.type)) or ""
    local shall = words.strict_type(is)
    if is:upper() ~= shall then
      state:edited(edit.set_type(state.parsed, described, shall))
      planned.asked.type = true
    end
  end
end

local function set_without_rowid(state, wanted)
  local key = stored.primary_key(state.parsed)
  if wanted and not key then
    core.fail(("alter_table: '%s' has no primary key, and a table WITHOUT ROWID needs one"):format(
      state.before.name), "op.create_primary_key makes one")
  elseif wanted and key.autoincrement then
    core.fail(("alter_table: '%s' has an AUTOINCREMENT, which needs the rowid"):format(
      state.before.name), "give autoincrement = false too")
  end
  for _, name in ipairs(key and key.columns or {}) do
    state:want_column(name).asked.not_null = true
  end
  state.asked_keys = true
  state:edited(edit.set_options(state.parsed, state.parsed.strict, wanted))
end

return {
  alter_table = {
    tier = "rebuild",
    apply = function(state, step)
      if step.autoincrement ~= nil then
        set_autoincrement(state, step.autoincrement)
      end
      if step.without_rowid ~= nil and step.without_rowid ~= (state.parsed.without_rowid or false)
      then
        set_without_rowid(state, step.without_rowid)
      end
      if step.strict ~= nil and step.strict ~= (state.parsed.strict or false) then
        if step.strict then
          make_types_strict(state)
        end
        state:edited(edit.set_options(state.parsed, step.strict, state.parsed.without_rowid))
      end
    end,
  },
}
