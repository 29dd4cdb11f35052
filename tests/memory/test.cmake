# Memory that does not grow with the rows; LUAMIG_ROWS says how many.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(engine sqlite postgres)
  add_test(NAME memory_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_memory.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(memory_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900)
endforeach()
