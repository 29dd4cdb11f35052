--- What becomes of a column that is another one in the other shape.
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local column_nodes = require("luamig.autogenerate.column_nodes")
local marks = require("luamig.autogenerate.marks")
local name_in_text = require("luamig.autogenerate.name_in_text")
local risks = require("luamig.autogenerate.risks")
local shape = require("luamig.autogenerate.shape")
local sqlite_enums = require("luamig.autogenerate.sqlite_enums")
local strict = require("luamig.strict")

local columns = {}

local function same_identity(a, b)
  a, b = a or {}, b or {}
  return a.always == b.always and a.start == b.start and a.increment == b.increment
    and a.once == b.once
end

local function decided(rule, column, of, old, new)
  if type(rule) ~= "function" then
    return rule ~= false
  end
  local answer = rule({ table = of.name, schema = of.schema, column = column.name, old = old,
    new = new })
  return answer == nil or answer and true or false
end

-- An INTEGER that is the whole key is the rowid and numbers itself; an INT is not, and does not.
local function rowid_differences(of, old, new, found)
  local key = of.primary_key
  local is_key = key and #key.columns == 1 and key.columns[1] == new.name and not of.without_rowid
  if new.identity and not old.identity and old.is_int then
    found.spelled = "INTEGER"
  elseif is_key and not new.identity and new.type == "INTEGER" and not old.is_int then
    found.spelled = "INT"
  end
end

--- What differs between two columns of one name, as a set: type, collation, nullable, default,
-- computed, identity, serial, comment; spelled: what an integer is to be called on SQLite.
---@param work table the comparison (compare.lua)
---@param of table the table as it shall be
---@param old table
---@param new table
---@return table<string, boolean>
function columns.differences(work, of, old, new)
  local words, found = work.words, {}
  if words.canon_type(old.type) ~= words.canon_type(new.type)
    or not sqlite_enums.same(work, old.enum, new.enum) then
    found.type = decided(work.settings.compare_type, new, of, old.type, new.type) or nil
  end
  if words.canon(old.default) ~= words.canon(new.default) then
    found.default = decided(work.settings.compare_server_default, new, of, old.default,
      new.default) or nil
  end
  found.collation = old.collation ~= new.collation or nil
  -- With the key goes the NOT NULL that nobody wrote.
  local goes = old.by_key and not new.in_key and not new.nullable and not new.identity
  found.nullable = old.nullable ~= new.nullable or goes or nil
  found.computed = words.canon(old.computed) ~= words.canon(new.computed) or nil
  found.serial = old.serial ~= new.serial or nil
  if old.on_conflict ~= new.on_conflict and not old.nullable and not new.nullable then
    work:fail(("column %s.%s is NOT NULL ON CONFLICT %s in one and %s in the other"):format(of.name,
      new.name, old.on_conflict or "ABORT", new.on_conflict or "ABORT"))
  end
  if words.name == "sqlite" then
    rowid_differences(of, old, new, found)
  else
    found.identity = not same_identity(old.identity, new.identity)
      or (old.identity == nil) ~= (new.identity == nil) or nil
  end
  found.comment = old.comment ~= new.comment or nil
  return found
end

local function target_of(of)
  return ident.qualified(of.schema, of.name)
end

local function execute(work, text)
  return { op = "execute", statement = { [work.words.name] = text } }
end

local function base(text)
  return (text:gsub("%(.*%)", ""))
end

local TEXTS = { text = true, ["character varying"] = true, character = true }

-- PostgreSQL casts by itself only where nothing can go wrong. A text that is too long for a shorter
-- type fails by itself, and is cut off by a cast. Between enums the way leads over text.
local function using(work, old, new)
  local from, to = base(old.type), base(new.type)
  local enum = new.enum
  if enum and not (old.enum and old.enum.name == enum.name) then  -- SQLite takes no notice
    return ("%s::text::%s"):format(ident.quote(new.name), ident.quote(enum.name))
  elseif work.words.name ~= "postgresql" or from == to or TEXTS[from] and TEXTS[to] then
    return nil
  elseif not TEXTS[to] and (work.words.is_own(from) or work.words.is_own(to)) then
    return ("%s::%s::%s"):format(ident.quote(new.name), to:find("%[%]$") and "text[]" or "text",
      new.type)
  end
  return ident.quote(new.name) .. "::" .. new.type
end

local function type_risk(work, old, new)
  if new.enum and not sqlite_enums.holds_all(new.enum, old.enum) then
    return "fails where a row holds a value that is none of these"
  elseif work.words.name == "postgresql" and not work.words.has_cast(base(old.type), base(new.type))
  then
    return ("PostgreSQL has no cast from %s to %s: write a using of your own, or drop the column "
      .. "and add it"):format(old.type, new.type)
  end
  return risks[work.words.name == "sqlite" and "on_sqlite" or "on_postgresql"](old.type, new.type)
end

-- What a reader should know of a change, if anything.
local function note_of(work, old, new, found)
  local notes = {}
  if found.type then
    notes[1] = type_risk(work, old, new)
  end
  if found.type or found.collation then
    notes[#notes + 1] = marks.in_the_way(work, old, new)
  end
  if found.nullable and not new.nullable then
    notes[#notes + 1] = "fails where a row holds NULL"
  end
  return notes[1] and table.concat(notes, "; ") or nil
end

local function alter(work, of, old, new, found)
  local words = work.words
  local o = { op = "alter_column", table = of.name, name = new.name, schema = of.schema }
  o.was = {
    type = found.type and (old.enum and old.enum.name or old.type),
    default = found.default and (old.default or "none"),
    comment = found.comment and old.comment and core.quote(old.comment),
  }
  if found.type or found.collation then
    o.type = column_nodes.collated_type(words, new, found.collation)
    local cast = found.type and using(work, old, new)
    o.using = cast and { node = "raw", text = cast } or nil
    o.existing_type = old.enum and (not new.enum or new.enum.name ~= old.enum.name)
      and words.type_of(old) or nil
  end
  if found.spelled then
    o.type = { node = "type", name = "plain", text = found.spelled }
  end
  local moves = o.type and words.name == "postgresql" and (old.default or new.default)
  if found.default or moves then
    o.server_default = column_nodes.default(words, new)
  end
  if found.nullable then
    o.nullable = new.nullable
  end
  if found.comment then
    o.comment = new.comment or core.null
  end
  return o
end

local function identity_options(identity)
  local parts = {}
  if identity.start then
    parts[#parts + 1] = "START WITH " .. common.digits(identity.start)
  end
  if identity.increment then
    parts[#parts + 1] = "INCREMENT BY " .. common.digits(identity.increment)
  end
  return #parts > 0 and (" (%s)"):format(table.concat(parts, " ")) or ""
end

-- New numbers begin behind those that are there.
local function move_on(of, column)
  return ("SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(%s, %s), max(%s)) FROM %s "
    .. "HAVING max(%s) IS NOT NULL"):format(core.quote(target_of(of)), core.quote(column.name),
    ident.quote(column.name), target_of(of), ident.quote(column.name))
end

local function change_identity(work, plan, of, old, new)
  local name = ("ALTER TABLE %s ALTER COLUMN %s "):format(target_of(of), ident.quote(new.name))
  if old.identity then
    plan:add("column_alter", execute(work, name .. "DROP IDENTITY"))
  end
  if new.identity then
    plan:add("column_alter", execute(work, name .. ("ADD GENERATED %s AS IDENTITY%s"):format(
      new.identity.always and "ALWAYS" or "BY DEFAULT", identity_options(new.identity))))
    plan:add("column_alter", execute(work, move_on(of, new)))
  end
end

-- What `serial` stands for, piece by piece.
local function change_serial(work, plan, of, old, new)
  local name = ("ALTER TABLE %s ALTER COLUMN %s "):format(target_of(of), ident.quote(new.name))
  local sequence = ident.qualified(of.schema,
    old.sequence or ("%s_%s_seq"):format(of.name, new.name))
  if old.serial and new.serial then
    plan:add("column_alter", execute(work, ("ALTER SEQUENCE %s AS %s"):format(sequence, new.type)))
    return
  elseif old.serial then
    plan:add("column_alter", execute(work, name .. "DROP DEFAULT"))
    plan:add("column_alter", execute(work, "DROP SEQUENCE " .. sequence))
  end
  if new.serial then
    plan:add("column_alter", execute(work, ("CREATE SEQUENCE %s AS %s OWNED BY %s.%s"):format(
      sequence, new.type, target_of(of), ident.quote(new.name))))
    plan:add("column_alter", execute(work, ("%sSET DEFAULT nextval(%s)"):format(
      name, core.quote(sequence))))
    plan:add("column_alter", execute(work, move_on(of, new)))
  end
end

--- Whether the expression of a computed column speaks of one whose type changes.
local function leans_on(column, changed)
  for _, name in ipairs(strict.sorted_keys(changed)) do
    if column.computed and name_in_text.mentions(column.computed, name) then
      return true
    end
  end
  return false
end

-- What a column has beside its words, on whichever side the database is.
local function give_back(work, plan, phase, of, old, new, names)
  local own = marks.own(work, old, new)
  for _, name in ipairs(names) do
    marks.give_back(plan, phase, of, new, own[name])
  end
end

-- Statistics over several columns, once for all of these. They are told by the names of before.
local function share(work, plan, of, texts)
  if work.renamed[shape.key(of.schema, of.name)] and not work.is_back then
    return
  end
  local known = {}
  for _, o in ipairs(plan.lists.option) do
    known[o.op == "execute" and o.statement.postgresql or ""] = true
  end
  for _, text in ipairs(texts or {}) do
    if not known[text] then
      plan:add("option", execute(work, text))
    end
  end
end

local function rewrite_computed(plan, work, of, old, new)
  plan:add(old.computed and "computed_drop" or "column_drop",
    { op = "drop_column", table = of.name, name = new.name, schema = of.schema },
    marks.noted(not old.computed and "destroys the values of the column" or nil,
      marks.in_the_way(work, old, new)))
  plan:add("computed_add", { op = "add_column", table = of.name, schema = of.schema,
    column = column_nodes.column(work.words, of, new) })
  give_back(work, plan, "computed_add", of, old, new, { "storage", "marks" })
  share(work, plan, of, marks.own(work, old, new).shared)
end

local FAMILIES = { smallint = "integers", integer = "integers", bigint = "integers",
  text = "texts", ["character varying"] = "texts" }

-- Values of one family are compared with each other.
local function family(type_text)
  return FAMILIES[base(type_text)] or base(type_text)
end

--- The operations that make the one column of the other.
---@param work table
---@param plan table
---@param of table the table as it shall be
---@param pairs_of table[] { old, new, found } of every column that stays
---@return table moved sets of names: `dropped` (made anew), `spoken` (these; those whose enum is),
-- `retyped` (those whose values become values of another kind)
function columns.change(work, plan, of, pairs_of)
  local remade = work.remade[shape.key(of.schema, of.name)] or {}
  local retyped, moved = {}, { dropped = {}, spoken = {}, retyped = {} }
  work.retyped[shape.key(of.schema, of.name)] = moved.retyped
  for _, name in ipairs(strict.sorted_keys(remade)) do
    retyped[name], moved.spoken[name], moved.retyped[name] = true, true, true
  end
  for _, pair in ipairs(pairs_of) do
    if work.words.name == "postgresql" and (pair.found.type or pair.found.collation) then
      retyped[pair.new.name] = true
      moved.retyped[pair.new.name] = family(pair.old.type) ~= family(pair.new.type) or nil
    end
  end
  for _, pair in ipairs(pairs_of) do
    local old, new, found = pair.old, pair.new, pair.found
    if found.computed or old.computed and leans_on(new, retyped) then
      if not old.computed then
        work:fail(("column %s.%s becomes a computed one"):format(of.name, new.name))
      end
      rewrite_computed(plan, work, of, old, new)
      moved.dropped[new.name], moved.spoken[new.name] = true, true
    elseif #strict.sorted_keys(found) > 0 then
      -- With its enum it gets its default.
      found.default = not remade[new.name] and found.default or nil
      columns.alter(work, plan, of, pair)
    end
  end
  return moved
end

--- The same of one column that is not computed.
function columns.alter(work, plan, of, pair)
  local old, new, found = pair.old, pair.new, pair.found
  if found.serial and old.serial and not new.serial then
    change_serial(work, plan, of, old, { name = new.name })
  end
  local a, b = old.identity, new.identity
  local keeps_counting = a and b and a.start == b.start and a.increment == b.increment
  if found.identity and keeps_counting then
    local text = "ALTER TABLE %s ALTER COLUMN %s SET GENERATED %s"
    plan:add("column_alter", execute(work, text:format(target_of(of), ident.quote(new.name),
      b.always and "ALWAYS" or "BY DEFAULT")))
  elseif found.identity and old.identity then
    change_identity(work, plan, of, old, { name = new.name })
  end
  if found.type or found.collation or found.nullable or found.default or found.comment
    or found.spelled then
    -- What numbers itself is an INTEGER, whatever it shall be when it does so no more.
    plan:add(of.loses_rowid and new.in_key and "key_alter" or "column_alter",
      alter(work, of, old, new, found), note_of(work, old, new, found))
  end
  if found.type and old.kept == new.kept then
    give_back(work, plan, "column_alter", of, old, new, { "storage" })
  end
  if found.serial and new.serial then
    change_serial(work, plan, of, old.serial and old or {}, new)
  end
  if found.identity and new.identity and not keeps_counting then
    change_identity(work, plan, of, {}, new)
  end
end

return columns
