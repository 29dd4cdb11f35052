# A durable revision that is killed over and over, on both engines. Skipped, visibly, without
# LUAMIG_TEST_PG.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_test(NAME worker_kills_postgres COMMAND ${Python3_EXECUTABLE}
         ${CMAKE_CURRENT_LIST_DIR}/run_worker_kills.py $<TARGET_FILE:luamig> postgres)
add_test(NAME workers_postgres COMMAND ${Python3_EXECUTABLE}
         ${CMAKE_CURRENT_LIST_DIR}/run_workers.py $<TARGET_FILE:luamig> postgres)
set_tests_properties(worker_kills_postgres workers_postgres
                     PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900)
foreach(engine sqlite postgres)
  add_test(NAME durable_kills_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_kills.py $<TARGET_FILE:luamig> ${engine})
  add_test(NAME backfill_kills_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_backfill_kills.py $<TARGET_FILE:luamig> ${engine})
  add_test(NAME row_kills_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_row_kills.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(durable_kills_${engine} backfill_kills_${engine} row_kills_${engine}
                       PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900)
endforeach()
