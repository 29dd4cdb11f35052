-- on: sqlite postgres
-- What luamig hands out, asked for its inside, changed, and used for what it is not.
local objects = { db, op, sql, csv, json, null, exact and exact("1") or false, sql.integer or false,
  db:rows("SELECT id FROM kept"), db:one("SELECT * FROM kept"), db:all("SELECT * FROM kept") }
for row in db:rows("SELECT * FROM kept") do objects[#objects + 1] = row end
op.backfill("kept", { read = { "a" }, write = { "a" } }, function(row)
  objects[#objects + 1] = row
  return nil
end)
local function all()
  escaped("a method was changed")
end
for _, object in pairs(objects) do
  local meta = getmetatable(object)
  if type(meta) == "table" and object ~= op and object ~= db then
    for _, name in ipairs({ "__index", "__newindex", "__gc", "__tostring", "__call", "__eq", "__len" }) do
      local kept = rawget(meta, name)
      pcall(rawset, meta, name, all)
      if rawget(meta, name) == all and type(object) == "userdata" then escaped("a host object's " .. name) end
      pcall(rawset, meta, name, kept)
    end
  end
  pcall(setmetatable, object, { __gc = all, __index = all })
  pcall(function() object.x = 1 end)
  pcall(function() return object.x end)
  pcall(function() return object() end)
  pcall(function() return object + 1, object .. "x", #object, object < object end)
  for _, other in pairs(objects) do
    pcall(function() return object == other, object < other end)
    pcall(function() return object(other) end)
    if type(object) == "table" or type(object) == "userdata" then
      for _, name in ipairs({ "next", "close", "names", "line", "copy", "read", "__gc", "__index", "write" }) do
        pcall(function() return object[name](other) end)
        pcall(function() return object[name](nil) end)
        pcall(function() return object[name]("x", 1, {}) end)
      end
    end
  end
end
