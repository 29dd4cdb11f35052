# The example project, up and down on both engines. Without LUAMIG_TEST_PG the second is skipped.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(engine sqlite postgres)
  add_test(NAME example_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_example.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(example_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endforeach()
