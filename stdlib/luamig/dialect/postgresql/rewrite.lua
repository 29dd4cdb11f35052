--- A table made anew: another one of the same shape takes its rows, then its place and all that it
-- has, under the same names.
local carried = require("luamig.dialect.postgresql.carried")
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local obstacles = require("luamig.dialect.postgresql.obstacles")
local table_facts = require("luamig.dialect.postgresql.table_facts")

local CURSOR = "luamig_rewrite"

local rewrite = {}

local making = {}
making.__index = making

local function list(sql, params)
  return catalog.list(sql, params, function(row)
    return row()
  end)
end

--- Why a table cannot be made anew; nil where it can.
---@param name string as SQL writes it
---@return string?
function rewrite.obstacle(name)
  local found = obstacles.find(name)
  return found
end

-- What it is called in SQL whatever search_path says, and what it lies by.
local function find(name)
  return list([[
    SELECT c.oid::bigint AS oid, n.nspname AS schema, c.relname AS name,
           c.relpersistence = 'u' AS unlogged,
           (SELECT pg_catalog.string_agg(
                     pg_catalog.format('%s=%L', option_name, option_value), ', ')
              FROM (SELECT o.option_name, o.option_value
                      FROM pg_catalog.pg_options_to_table(c.reloptions) AS o
                     UNION ALL
                    SELECT 'toast.' || o.option_name, o.option_value
                      FROM pg_catalog.pg_class AS toast,
                           pg_catalog.pg_options_to_table(toast.reloptions) AS o
                     WHERE toast.oid = c.reltoastrelid) AS options) AS options,
           EXISTS (SELECT 1 FROM pg_catalog.pg_stats AS s
                    WHERE s.schemaname = n.nspname AND s.tablename = c.relname) AS analyzed
      FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.oid = to_regclass(:name)]], { name = name })[1]
end

-- How many rows this transaction has added to a table, changed in it and removed.
local function touched(oid)
  return tostring(list([[
    SELECT pg_catalog.pg_stat_get_xact_tuples_inserted(o)
         + pg_catalog.pg_stat_get_xact_tuples_updated(o)
         + pg_catalog.pg_stat_get_xact_tuples_deleted(o) AS n
      FROM (SELECT CAST(CAST(:oid AS bigint) AS oid)) AS one (o)]], { oid = oid })[1].n)
end

-- The columns that rows are copied into: those that are generated come by themselves.
local function columns_of(name)
  local names = {}
  for i, row in ipairs(list([[
    SELECT attname AS name FROM pg_catalog.pg_attribute
     WHERE attrelid = to_regclass(:name) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
     ORDER BY attnum]], { name = name })) do
    names[i] = row.name
  end
  return names
end

-- Sequences of the table's columns, which are kept ('a': serial) or made anew ('i': identity).
local SEQUENCES = [[
  SELECT a.attname AS column, d.deptype = 'i' AS is_identity,
         pg_catalog.format('%I.%I', n.nspname, c.relname) AS whole, c.relname AS name,
         n.nspname AS schema, pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
         pg_catalog.format_type(s.seqtypid, NULL) AS type
    FROM pg_catalog.pg_depend AS d
    JOIN pg_catalog.pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
    JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = c.oid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
   WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
     AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = to_regclass(:name)
   ORDER BY a.attnum]]

--- Locks the table against everybody and makes the new one. Throws nothing away yet. Returns nil
-- and why where something stands in the way after all.
---@param name string as SQL writes it
---@return table?
---@return string? why
function rewrite.begin(name)
  core.emit(("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE"):format(name))
  local why = obstacles.find(name)
  if why then
    return nil, why
  end
  local self = setmetatable(find(name), making)
  self.whole = ident.qualified(self.schema, self.name)
  self.new_name = ("luamig_rewrite_%s"):format(self.oid)
  self.new = ident.qualified(self.schema, self.new_name)
  self.facts = table_facts.of(name)
  self.columns = columns_of(name)
  self.touched = touched(self.oid)
  core.emit(("CREATE %sTABLE %s (LIKE %s INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS) "
    .. "USING heap%s"):format(self.unlogged and "UNLOGGED " or "", self.new, self.whole,
      self.options and (" WITH (%s)"):format(self.options) or ""))
  carried.settings(self.whole, self.new)
  return self
end

--- Opens the query whose rows are to be read, `columns` of the old table among them.
---@param pieces (string|table)[]
function making.open(pieces)
  table.insert(pieces, 1, ("DECLARE %s NO SCROLL CURSOR FOR "):format(CURSOR))
  core.execute(pieces)
end

--- The next rows of it, as a cursor.
---@param most integer
function making.fetch(most)
  return core.open(("FETCH %d FROM %s"):format(most, CURSOR), nil, nil, false)
end

local function carry_sequences(self)
  local anew = {}
  for _, s in ipairs(list(SEQUENCES, { name = self.whole })) do
    if s.is_identity then
      s.old = ident.qualified(s.schema, ("luamig_rewrite_%s_%d"):format(self.oid, #anew + 1))
      anew[#anew + 1] = s
      -- So that nobody draws from it any more.
      core.emit(("ALTER SEQUENCE %s RENAME TO %s"):format(s.whole,
        ident.quote(("luamig_rewrite_%s_%d"):format(self.oid, #anew))))
      s.new = list("SELECT pg_catalog.pg_get_serial_sequence(:new, :column) AS name",
        { new = self.new, column = s.column })[1].name
      -- LIKE gives it the limits of the column's type, and not the type.
      core.emit(("ALTER SEQUENCE %s AS %s"):format(s.new, s.type))
      core.emit(("SELECT pg_catalog.setval(%s, last_value, is_called) FROM %s"):format(
        core.quote(s.new), s.old))
      carried.privileges("SEQUENCE", s.old, s.new)
    else
      core.emit(("ALTER SEQUENCE %s OWNED BY %s.%s"):format(s.whole, self.new,
        ident.quote(s.column)))
    end
  end
  return anew
end

local function name_sequences(anew)
  for _, s in ipairs(anew) do
    core.emit(("ALTER SEQUENCE %s RENAME TO %s"):format(s.new, ident.quote(s.name)))
    if s.comment then
      core.emit(("COMMENT ON SEQUENCE %s IS %s"):format(s.whole, core.quote(s.comment)))
    end
  end
end

-- Building its indexes, the server has counted the rows, as far as the number fits.
local function check(self, rows)
  local found = list("SELECT reltuples AS rows FROM pg_catalog.pg_class WHERE oid = "
    .. "to_regclass(:name)", { name = self.whole })[1].rows
  found = math.max(found, 0) -- below it: there was nothing to count
  if rows < 2 ^ 24 and found ~= rows then
    return ("it would have %d rows for %d"):format(found, rows)
  end
  local different = table_facts.difference(self.facts, table_facts.of(self.whole))
  return different and ("%s would be another"):format(different)
end

--- The new table takes the place of the old one. Returns why it may not, where it may not: then all
-- that was done has to be undone.
---@param rows integer how many it has
---@return string? why
function making:finish(rows)
  core.emit("CLOSE " .. CURSOR)
  if touched(self.oid) ~= self.touched then
    return "the function changes rows of the table by itself"
  end
  carried.owner(self.whole, self.new)
  carried.privileges("TABLE", self.whole, self.new)
  local anew = carry_sequences(self)
  local give_rest = carried.rest(self.schema, self.whole)
  core.emit("DROP TABLE " .. self.whole)
  core.emit(("ALTER TABLE %s RENAME TO %s"):format(self.new, ident.quote(self.name)))
  name_sequences(anew)
  give_rest()
  local why = check(self, rows)
  if not why and self.analyzed then
    core.emit("ANALYZE " .. self.whole)
  end
  return why
end

return rewrite
