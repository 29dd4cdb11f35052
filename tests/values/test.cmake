# Values that get lost elsewhere, through every way in and out of both engines.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(engine sqlite postgres)
  add_test(NAME values_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_values.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(values_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endforeach()
