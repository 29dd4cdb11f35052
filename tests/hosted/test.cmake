# Functions on rows that the host runs itself: random ones, each also by Lua alone.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(engine sqlite postgres)
  add_test(NAME hosted_functions_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_functions.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(hosted_functions_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
endforeach()
