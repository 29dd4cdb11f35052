-- A traceback of another thread gives text, or what it was given, and no frame.
local co = coroutine.create(function() coroutine.yield() end)
coroutine.resume(co)
local text = debug.traceback(co)
if type(text) ~= "string" and text ~= co then escaped("traceback") end
