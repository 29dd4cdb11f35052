# Rows of a second database into the one that is migrated, on each pair of engines. Skipped, visibly,
# where LUAMIG_TEST_PG is needed and not set. LUAMIG_STREAM_ROWS asks for more rows.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(main sqlite postgres)
  foreach(second sqlite postgres)
    set(name streaming_${second}_to_${main})
    add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE}
             ${CMAKE_CURRENT_LIST_DIR}/run_streaming.py $<TARGET_FILE:luamig> ${main} ${second})
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
  endforeach()
endforeach()
