# Tables of PostgreSQL made anew by op.backfill. Skipped, visibly, without LUAMIG_TEST_PG.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_test(NAME rewrite COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/run_rewrite.py
         $<TARGET_FILE:luamig>)
set_tests_properties(rewrite PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
