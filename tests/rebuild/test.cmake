# Changes of SQLite tables by the program itself. The music store is skipped, visibly, without
# LUAMIG_TEST_DATA.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(part properties changes chinook)
  add_test(NAME rebuild_${part} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_${part}.py $<TARGET_FILE:luamig>)
  set_tests_properties(rebuild_${part} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endforeach()
