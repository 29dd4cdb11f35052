-- Redis CVE-2022-24735: what loadstring compiles runs in the globals of the host.
local real = assert(loadstring("return _G"))()
if real ~= _G then escaped("another table of globals") end
local ok, found = pcall(assert(loadstring("return io or package or ffi or jit")))
if ok and found then escaped("a host's library") end
