# The specs of the Lua storey and its lint. A missing tool is a failure, not a skip.

add_test(NAME stdlib_specs
  COMMAND luajit ${CMAKE_CURRENT_SOURCE_DIR}/stdlib/run.lua ${CMAKE_SOURCE_DIR}/stdlib)
add_test(NAME luacheck
  COMMAND luacheck --quiet stdlib tests/stdlib
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
