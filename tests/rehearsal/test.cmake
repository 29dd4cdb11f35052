# Dry runs of the example and of the music store, and whom they block. Skipped, visibly, without
# LUAMIG_TEST_PG, and the music store without LUAMIG_TEST_DATA.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(project example chinook)
  foreach(engine sqlite wal postgres)
    add_test(NAME rehearsal_${project}_${engine} COMMAND ${Python3_EXECUTABLE}
             ${CMAKE_CURRENT_LIST_DIR}/run_rehearsal.py $<TARGET_FILE:luamig> ${project} ${engine})
    set_tests_properties(rehearsal_${project}_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120)
  endforeach()
endforeach()
foreach(engine sqlite postgres)
  add_test(NAME rehearsal_blocking_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_blocking.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(rehearsal_blocking_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120)
  add_test(NAME rehearsal_copy_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_copy.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(rehearsal_copy_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120)
endforeach()
