--- Makes a table anew: the old one steps aside under another name, the new one is made of the
-- edited text, the rows are copied, the old one is dropped, indexes and triggers are made again of
-- their own texts. The new table bears its own name from the start, so its text stays as it was
-- written, and statistics of ANALYZE and the texts of others hold.
local core = require("luamig.core")
local edit = require("luamig.dialect.sqlite.edit")
local ident = require("luamig.dialect.ident")
local snapshot = require("luamig.dialect.sqlite.snapshot")
local stored = require("luamig.dialect.sqlite.stored_table")
local verify = require("luamig.dialect.sqlite.verify")

local rebuild = {}

-- A name of the rowid that no column has taken, or nil.
local function rowid_name(parsed)
  for _, name in ipairs({ "rowid", "_rowid_", "oid" }) do
    if not stored.column(parsed, name) then
      return name
    end
  end
  return nil
end

-- Rows keep their number: by the column that is it, or by the rowid itself.
local function add_rowid(state, into, from)
  local old, new = state.before.parsed, state.parsed
  if old.without_rowid or new.without_rowid then
    return
  end
  local source, target = rowid_name(old), stored.rowid_column(new)
  if not target then
    local name = rowid_name(new)
    if source and name then
      table.insert(into, 1, name)
      table.insert(from, 1, source)
    end
  elseif not state:column(target.name).source and source then
    table.insert(into, 1, ident.quote(target.name))
    table.insert(from, 1, source)
  end
end

local function copy(state, aside)
  local into, from = {}, {}
  for _, column in ipairs(state.columns) do
    local described = stored.column(state.parsed, column.name)
    if column.source and not stored.of_column(described, "generated") then
      into[#into + 1] = ident.quote(column.name)
      from[#from + 1] = ident.quote(column.source)
    end
  end
  add_rowid(state, into, from)
  -- OR ABORT: a constraint's own ON CONFLICT clause must not drop rows here.
  return ("INSERT OR ABORT INTO %s (%s)\nSELECT %s FROM %s"):format(state.before.qualified,
    table.concat(into, ", "), table.concat(from, ", "), aside)
end

local function numbers_itself(parsed)
  local key = stored.primary_key(parsed)
  return key and key.autoincrement
end

-- The high-water mark of AUTOINCREMENT went aside with the table.
local function move_sequence(state, aside_name, add)
  if not numbers_itself(state.before.parsed) or not numbers_itself(state.parsed) then
    return
  end
  local sequence = ident.qualified(state.before.schema, "sqlite_sequence")
  local name, aside = core.quote(state.before.name), core.quote(aside_name)
  add(("DELETE FROM %s WHERE name = %s"):format(sequence, name))
  add(("UPDATE %s SET name = %s WHERE name = %s"):format(sequence, name, aside))
end

local function create(s, parsed)
  if s.place == "temp" then
    return (parsed.text:gsub("^CREATE TABLE", "CREATE TEMP TABLE"))
  elseif s.schema then
    return (parsed.text:gsub("^CREATE TABLE ", "CREATE TABLE " .. s.schema .. "."))
  end
  return parsed.text
end

-- SQLite keeps neither TEMP nor a schema in the text of what it stores.
local function create_again(s, object)
  if object.type == "trigger" and object.place == "temp" then
    return (object.sql:gsub("^CREATE TRIGGER", "CREATE TEMP TRIGGER"))
  elseif s.schema then
    return (object.sql:gsub("^(CREATE [UNIQE ]*%u+ )", "%1" .. s.schema .. "."))
  end
  return object.sql
end

-- A CHECK that names the table before a column cannot follow it under another name.
local function step_out_of_way(s, list)
  local plain = edit.unqualified(s.text, s.name)
  if plain ~= s.text then
    list[1] = { rewrite = plain, schema = s.place, table = s.name }
  end
end

-- In text nobody compares afterwards: a row that breaks a new foreign key ends the script.
local function abort_when_broken(s, parent)
  local message = core.quote(("FOREIGN KEY constraint failed: rows of '%s' that refer to no row of "
    .. "'%s': "):format(s.name, parent))
  return ("SELECT CASE WHEN n > 0 THEN json(%s || n) END FROM (SELECT count(*) AS n FROM "
    .. "pragma_foreign_key_check(%s, %s) WHERE parent = %s)"):format(message, core.quote(s.name),
    core.quote(s.place), core.quote(parent))
end

--- The statements that make the table of `state` anew (change.lua), to be run as one rebuild.
---@param state table
---@return table[]
function rebuild.statements(state)
  local s, list = state.before, {}
  local function add(sql)
    list[#list + 1] = { sql = sql }
  end
  step_out_of_way(s, list)
  local aside_name = "luamig_old_" .. s.name
  local aside = ident.qualified(s.schema, aside_name)
  add(("ALTER TABLE %s RENAME TO %s"):format(s.qualified, ident.quote(aside_name)))
  add(create(s, state.parsed))
  add(copy(state, aside))
  move_sequence(state, aside_name, add)
  add("DROP TABLE " .. aside)
  for _, group in ipairs({ s.indexes, s.triggers }) do
    for _, object in ipairs(group) do
      if not state.dropped_indexes[object.name] or object.type ~= "index" then
        add(create_again(s, object))
      end
    end
  end
  for _, parent in ipairs(core.is_offline() and state.referents or {}) do
    add(abort_when_broken(s, parent))
  end
  return list
end

--- The rebuild as one statement (compile.lua) that checks itself.
---@param state table
---@return table
function rebuild.statement(state)
  local rows = snapshot.rows(state.before)
  local problems = snapshot.problems(state.before)
  return {
    rebuild = rebuild.statements(state),
    comment = ("make table %s anew"):format(state.before.name),
    check = function()
      local after = verify.schema(state)
      verify.rows(state, after, rows)
      verify.readable(state, after, problems)
    end,
  }
end

return rebuild
