# Chains of revisions up and down on both engines. Skipped, visibly, without LUAMIG_TEST_PG, and the
# music store without LUAMIG_TEST_DATA.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(chain small chinook porting_sql porting_sa)
  foreach(engine sqlite postgres)
    add_test(NAME chain_${chain}_${engine} COMMAND ${Python3_EXECUTABLE}
             ${CMAKE_CURRENT_LIST_DIR}/run_chain.py $<TARGET_FILE:luamig> ${chain} ${engine})
    set_tests_properties(chain_${chain}_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
  endforeach()
endforeach()
add_test(NAME chain_fingerprint_sqlite COMMAND ${Python3_EXECUTABLE}
         ${CMAKE_CURRENT_LIST_DIR}/fingerprint_selftest.py sqlite)
add_test(NAME chain_fingerprint_postgres COMMAND ${Python3_EXECUTABLE}
         ${CMAKE_CURRENT_LIST_DIR}/fingerprint_selftest.py postgres)
set_tests_properties(chain_fingerprint_sqlite chain_fingerprint_postgres PROPERTIES
                     SKIP_RETURN_CODE 77 TIMEOUT 120)
