--- The constraints of a stored CREATE TABLE (stored_table.lua says what each has).
local constraints = {}

--- The constraints of a column, and below those of a table, each by its first word.
constraints.column_words = {}
local column_words = constraints.column_words

function column_words.PRIMARY(r, c)
  c.kind = "primary_key"
  r:want("PRIMARY")
  r:want("KEY")
  c.descending = r:take("DESC")
  r:take("ASC")
  r:conflict(c)
  c.autoincrement = r:take("AUTOINCREMENT")
end

function column_words.NOT(r, c)
  if r:word(1) == "DEFERRABLE" then
    c.kind = "nothing"
    r:deferral(c)
    return
  end
  c.kind = "not_null"
  r:want("NOT")
  r:want("NULL")
  r:conflict(c)
end

-- A deferral that stands apart from its REFERENCES.
local function deferral(r, c)
  c.kind = "nothing"
  r:deferral(c)
end
column_words.DEFERRABLE, column_words.INITIALLY = deferral, deferral

function column_words.NULL(r, c)
  c.kind = "null"
  r:want("NULL")
  r:conflict(c)
end

function column_words.UNIQUE(r, c)
  c.kind = "unique"
  r:want("UNIQUE")
  r:conflict(c)
end

function column_words.CHECK(r, c)
  c.kind = "check"
  r:want("CHECK")
  c.inner = r:parentheses()
  r:conflict(c)
end

function column_words.DEFAULT(r, c)
  c.kind = "default"
  r:want("DEFAULT")
  c.value_first = r.at
  r:default_value()
  c.value_last = r.at - 1
end

function column_words.COLLATE(r, c)
  c.kind = "collate"
  r:want("COLLATE")
  c.collation = r:name()
end

function column_words.REFERENCES(r, c)
  c.kind = "foreign_key"
  r:references(c)
end

local function generated(r, c)
  c.kind = "generated"
  if r:take("GENERATED") then
    r:want("ALWAYS")
  end
  r:want("AS")
  c.inner = r:parentheses()
  c.stored = r:take("STORED")
  r:take("VIRTUAL")
end
column_words.GENERATED, column_words.AS = generated, generated

constraints.table_words = {}
local table_words = constraints.table_words

local function key_of(kind)
  return function(r, c)
    c.kind = kind
    r.at = r.at + (kind == "primary_key" and 2 or 1)
    r:indexed_columns(c)
    r:conflict(c)
  end
end
table_words.PRIMARY, table_words.UNIQUE = key_of("primary_key"), key_of("unique")
table_words.CHECK = column_words.CHECK

function table_words.FOREIGN(r, c)
  c.kind = "foreign_key"
  r:want("FOREIGN")
  r:want("KEY")
  r:indexed_columns(c)
  r:references(c)
end

--- One constraint of either sort. A name without a constraint is allowed and means nothing.
function constraints.read(r, words)
  local c = { first = r.at }
  while r:take("CONSTRAINT") do
    c.name_at = r.at
    c.name = r:name()
  end
  local read = words[r:word() or ""]
  if read then
    read(r, c)
  elseif c.name then
    c.kind = "nothing"
  else
    r:fail()
  end
  c.last = r.at - 1
  return c
end

return constraints
