-- Redis CVE-2025-46817: a range whose length overflows.
for _, range in ipairs({ { -2147483648, 2147483647 }, { 0, 2147483647 }, { 1, 1e9 }, { -1e308, 1e308 } }) do
  pcall(unpack, {}, range[1], range[2])
end
pcall(string.byte, ("x"):rep(1000), -1e9, 1e9)
