# What autogenerate finds and writes, by the program itself. Without LUAMIG_TEST_PG the second engine
# is skipped. The random schemas are 100 on each engine, and 500 in CI: LUAMIG_SEEDS says how many.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(part kinds round_trip random names ask)
  foreach(engine sqlite postgres)
    add_test(NAME autogenerate_${part}_${engine} COMMAND ${Python3_EXECUTABLE}
             ${CMAKE_CURRENT_LIST_DIR}/run_${part}.py $<TARGET_FILE:luamig> ${engine})
    set_tests_properties(autogenerate_${part}_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900)
  endforeach()
endforeach()
