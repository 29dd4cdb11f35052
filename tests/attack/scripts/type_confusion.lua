-- on: sqlite postgres
-- Userdata in the place of other userdata.
local cursors = {}
pcall(function() for row in db:rows("SELECT 1 AS a") do cursors[#cursors + 1] = row end end)
for _, value in ipairs({ null, cursors[1], exact("1.5"), blob("x"), array({ 1 }) }) do
  local mt = getmetatable(value)
  if type(mt) == "table" then
    for _, f in pairs(mt) do
      if type(f) == "function" then
        for _, other in ipairs({ null, exact("2"), blob("y"), {}, "text", 5 }) do pcall(f, other, other) end
      end
    end
  end
end
