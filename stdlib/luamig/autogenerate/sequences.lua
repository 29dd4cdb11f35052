--- What leads from the sequences of one shape to those of the other.
local common = require("luamig.dialect.common")
local ident = require("luamig.dialect.ident")
local object_nodes = require("luamig.autogenerate.object_nodes")
local shape = require("luamig.autogenerate.shape")

local sequences = {}

local function execute(text)
  return { op = "execute", statement = { postgresql = text } }
end

local CLAUSES = {
  { "type", "AS %s" }, { "increment", "INCREMENT BY %s" }, { "minvalue", "MINVALUE %s" },
  { "maxvalue", "MAXVALUE %s" }, { "cache", "CACHE %s" },
}

-- Where a sequence begins that does not say so.
local function start_of(s)
  if s.start then
    return s.start
  elseif s.increment > 0 then
    return s.minvalue or 1
  end
  return s.maxvalue or -1
end

local function owner(s)
  local by = s.owned_by
  return by and ident.qualified(by.schema, by.table) .. "." .. ident.quote(by.column) or "NONE"
end

local function alter_sequence(was, s)
  local parts = {}
  for _, clause in ipairs(CLAUSES) do
    local name, text = clause[1], clause[2]
    if was[name] ~= s[name] then
      parts[#parts + 1] = s[name] and text:format(common.digits(s[name]))
        or "NO " .. text:gsub(" %%s", "")
    end
  end
  if start_of(was) ~= start_of(s) then
    parts[#parts + 1] = ("START WITH %s"):format(common.digits(start_of(s)))
  end
  if was.cycle ~= s.cycle then
    parts[#parts + 1] = s.cycle and "CYCLE" or "NO CYCLE"
  end
  if owner(was) ~= owner(s) then
    parts[#parts + 1] = "OWNED BY " .. owner(s)
  end
  return parts[1] and ("ALTER SEQUENCE %s %s"):format(ident.qualified(s.schema, s.name),
    table.concat(parts, " "))
end

-- One that its owner takes numbers from is there before the owner's table is.
local function create_sequence(plan, new, s)
  local by, made = s.owned_by, object_nodes.create_sequence(s)
  local of = by and new.tables[shape.key(by.schema, by.table)]
  local column = of and shape.column(of, by.column)
  if column and column.default and column.default:find("^nextval%(") then
    made.owned_by = nil
    plan:add("sequence", made)
    plan:add("option", execute(("ALTER SEQUENCE %s OWNED BY %s"):format(
      ident.qualified(s.schema, s.name), owner(s))))
  else
    plan:add(by and "option" or "sequence", made)
  end
end

--- Adds the operations of the sequences.
function sequences.compare(plan, old, new)
  for key, s in shape.each(new.sequences) do
    local was = old.sequences[key]
    local change = was and alter_sequence(was, s)
    if not was then
      create_sequence(plan, new, s)
    elseif change then
      plan:add("option", execute(change))
    end
  end
  for key, s in shape.each(old.sequences) do
    local by = s.owned_by
    local of = by and new.tables[shape.key(by.schema, by.table)]
    if not new.sequences[key] and (not by or of and shape.column(of, by.column)) then
      plan:add("sequence_drop", { op = "drop_sequence", name = s.name, schema = s.schema })
    end
  end
end

return sequences
