--- What holds for the sources as texts, and for the stubs made of them.
local meta = require("luamig.meta")
local operation = require("luamig.operation")
local sandbox = require("luamig.sandbox")
local schema = require("luamig.schema")
local spec = require("spec")

local test = spec.test

-- These look at every key, copy a table or sort it; nothing comes out in the order of `pairs`.
local MAY_WALK = {
  ["autogenerate/models.lua"] = true, ["autogenerate/renamed.lua"] = true,
  ["autogenerate/scratch.lua"] = true, ["autogenerate/spell.lua"] = true,
  ["autogenerate/spell_words.lua"] = true,
  ["autogenerate/stand_ins.lua"] = true,
  ["json.lua"] = true, ["kinds.lua"] = true, ["node.lua"] = true, ["record.lua"] = true,
  ["strict.lua"] = true,
}

local function sources()
  local files = {}
  local list = io.popen(("cd '%s/luamig' && find . -name '*.lua' | sort"):format(spec.stdlib))
  for path in list:lines() do
    local file = assert(io.open(spec.stdlib .. "/luamig/" .. path))
    files[#files + 1] = { path = path:gsub("^%./", ""), text = file:read("*a") }
    file:close()
  end
  list:close()
  return files
end

local function belongs_here(path)
  return path:find("^dialect/") or path:find("^autogenerate/")
    or path:find("^operation") or path:find("^sql")
    or path:find("^[a-z]+%.lua$") and not path:find("^environment") and not path:find("^sandbox")
    and not path:find("^connection") and not path:find("^values")
end

test("nothing that makes SQL walks a table in the order of pairs", function()
  local seen = 0
  for _, file in ipairs(sources()) do
    if belongs_here(file.path) and not MAY_WALK[file.path] then
      seen = seen + 1
      local at = file.text:find("%f[%w_]i?pairs%(")
      while at do
        assert(file.text:sub(at, at) == "i", file.path .. " uses pairs(")
        at = file.text:find("%f[%w_]i?pairs%(", at + 1)
      end
      assert(not file.text:find("[^%w_:%.]next[%(,]"), file.path .. " uses next(")
    end
  end
  assert(seen > 20, "only " .. seen .. " files were read")
end)

test("errors leave the dialects and operations by core.fail only", function()
  for _, file in ipairs(sources()) do
    if belongs_here(file.path) and file.path ~= "node.lua" then
      assert(not file.text:find("[^%w_%.]error%("), file.path .. " calls error()")
      assert(not file.text:find("[^%w_%.]assert%("), file.path .. " calls assert()")
    end
  end
end)

test("the editor stubs are Lua and name every operation and word", function()
  local stubs = meta.stubs()
  assert(loadstring(stubs))
  for _, definition in ipairs(operation.list()) do
    spec.contains(stubs, ("function op.%s("):format(definition.name))
    for _, field in ipairs(definition.fields) do
      spec.contains(stubs, field.doc)
    end
  end
  for _, definition in ipairs(schema.list) do
    spec.contains(stubs, ("function t:%s("):format(definition.name))
  end
  for _, definition in ipairs(operation.batch_methods()) do
    spec.contains(stubs, ("function batch:%s("):format(definition.name))
  end
  spec.equal(meta.stubs(), stubs)
end)

test("every word of a migration has a stub, and luacheck knows it", function()
  local stubs = meta.stubs()
  local file = assert(io.open(spec.stdlib .. "/templates/generic/luacheckrc"))
  local rules = file:read("*a")
  file:close()
  for _, list in ipairs({ sandbox.words, sandbox.modules }) do
    for _, word in ipairs(list) do
      spec.contains(rules, ('"%s"'):format(word))
      assert(stubs:find("\n" .. word .. " = ") or stubs:find("\nfunction " .. word .. "%("), word)
    end
  end
end)

test("every function of a module for values has a stub", function()
  for _, name in ipairs({ "crypto", "csv", "json", "text", "time" }) do
    local file = assert(io.open(spec.stdlib .. "/luamig/" .. name .. ".lua"))
    for word in file:read("*a"):gmatch("\n  ([%w_]+) = core%.") do
      spec.contains(meta.stubs(), ("function %s.%s("):format(name, word))
    end
    file:close()
  end
end)
