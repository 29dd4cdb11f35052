# What --sql writes against what a run does, on both engines. Skipped, visibly, without LUAMIG_TEST_PG.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(engine sqlite postgres)
  add_test(NAME sql_text_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_sql_text.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(sql_text_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600 COST 60)
endforeach()
