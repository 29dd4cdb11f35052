-- Indexes that overflow.
pcall(table.concat, { [-2 ^ 63] = "" }, "s", -2 ^ 63, 0)
pcall(table.concat, {}, "x", 1, 2 ^ 53)
pcall(table.insert, {}, 2 ^ 53, 1)
pcall(table.remove, {}, -2 ^ 53)
pcall(table.move, {}, -2 ^ 31, 2 ^ 31, 1)
pcall(table.insert, setmetatable({}, { __newindex = error }), 1)
pcall(next, {}, "no such key")
pcall(select, -2 ^ 31, 1)
