--- The editor stubs say of the words, the header and `db` what the stdlib has, and docs/host-api.md
-- of the core what the program has: all of it, and no more.
local meta = require("luamig.meta")
local sandbox = require("luamig.sandbox")
local spec = require("spec")

local test = spec.test

local function read(path)
  local file = assert(io.open(("%s/luamig/%s.lua"):format(spec.stdlib, path)))
  local text = file:read("*a")
  file:close()
  return text
end

-- name -> "(parameters)" and the annotations above, of every function of `owner` in a text.
local function functions_of(text, owner)
  local found, notes = {}, {}
  for line in (text .. "\n"):gmatch("(.-)\n") do
    local name, parameters = line:match("^function " .. owner .. "([%w_]+)(%b())")
    if name then
      found[name] = parameters .. "\n" .. table.concat(notes, "\n")
    end
    if line:find("^%-%-%-?@") then
      notes[#notes + 1] = line
    elseif not line:find("^%-%-") then
      notes = {}
    end
  end
  return found
end

local function declared_db()
  local connection = read("connection")
  local all = functions_of(connection, "db:")
  local reflected = functions_of(read("reflect"), "reflect%.")
  for name in connection:match("ipairs%({(.-)}%) do\n  db%[name%]"):gmatch('"([%w_]+)"') do
    all[name] = reflected[name]
  end
  return all
end

test("the stubs of db are its methods, with the same parameters and results", function()
  local declared = declared_db()
  assert(declared.execute and declared.groups and declared.indexes)
  spec.equal(functions_of(meta.stubs(), "db:"), declared)
end)

local function aliases(text)
  local found = {}
  for name, meaning in text:gmatch("\n%-%-%-@alias (%S+) ([^\n]+)") do
    found[name] = meaning
  end
  return found
end

test("the stubs mean by params, statement and options what the connection does", function()
  local declared = aliases(read("connection"))
  assert(declared["luamig.params"])
  spec.equal(aliases(meta.stubs()), declared)
end)

local function has_module(name)
  local file = io.open(("%s/luamig/%s.lua"):format(spec.stdlib, name))
  return file and file:close()
end

test("the stubs' globals are the header and the words of a migration", function()
  local found, wanted = {}, {}
  for _, pattern in ipairs({ "\n([%w_]+) = nil", "\n([%w_]+) = {}", "\nfunction ([%w_]+)%(" }) do
    for name in meta.stubs():gmatch(pattern) do
      found[name] = true
    end
  end
  for _, list in ipairs({ sandbox.header, sandbox.words }) do
    for _, name in ipairs(list) do
      wanted[name] = true
    end
  end
  for _, name in ipairs(sandbox.modules) do
    wanted[name] = has_module(name) or nil
  end
  -- These are the author's to write.
  wanted.upgrade, wanted.downgrade, wanted.verify = nil, nil, nil
  spec.equal(found, wanted)
end)

local function read_file(path)
  local file = assert(io.open(("%s/../%s"):format(spec.stdlib, path)))
  local text = file:read("*a")
  file:close()
  return text
end

test("the page on the host's functions names every one of them, and no other", function()
  local found, wanted = {}, {}
  for cell in read_file("docs/host-api.md"):gmatch("\n|([^|]*)|") do
    for name in cell:gmatch("`([%w_]+)[^`]*`") do
      found[name] = true
    end
  end
  local core = read_file("bindings/core.cpp")
  for _, pattern in ipairs({ 'luaL_Reg{"([%w_]+)"', 'lua_setfield%(L, %-2, "([%w_]+)"%)' }) do
    for name in core:gmatch(pattern) do
      wanted[name] = true
    end
  end
  assert(wanted.execute and wanted.null)
  spec.equal(found, wanted)
end)
