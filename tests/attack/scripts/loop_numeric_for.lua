-- A counted loop that a compiler would keep.
for i = 1, math.huge do local _ = i * 2 end
