-- Games: the environment of a C function is the host's own table of globals.
if pcall(function() return getfenv(print) end) then escaped("getfenv") end
if pcall(function() return setfenv(1, {}) end) then escaped("setfenv") end
if pcall(function() return debug.getfenv(print) end) then escaped("debug.getfenv") end
