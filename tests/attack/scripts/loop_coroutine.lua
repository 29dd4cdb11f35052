-- In a coroutine whose errors are kept.
while true do
  local co = coroutine.create(function() while true do end end)
  coroutine.resume(co)
end
