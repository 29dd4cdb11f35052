# What autogenerate finds and writes, by the program itself. Without LUAMIG_TEST_PG the second engine
# is skipped.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(engine sqlite postgres)
  add_test(NAME autogenerate_kinds_${engine}
    COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_kinds.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(autogenerate_kinds_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endforeach()
