# The runner runs cases two at a time itself, so it takes both processors of a small machine.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_test(NAME cases COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/run_cases.py
         --program $<TARGET_FILE:luamig> -j 2)
add_test(NAME cases_runner
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/selftest/selftest.py)
set_tests_properties(cases PROPERTIES PROCESSORS 2 TIMEOUT 900 COST 100)
set_tests_properties(cases_runner PROPERTIES TIMEOUT 300 COST 10)
add_test(NAME guide_rows
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/guides/count_rows.py)
foreach(engine sqlite postgres)
  add_test(NAME guide_walk_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/guides/walk_guides.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(guide_walk_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endforeach()
