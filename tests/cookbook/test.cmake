# The recipes of docs/cookbook.md: the page shows the files that run, and on both engines they do
# what it says. Without LUAMIG_TEST_PG the second engine is skipped.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_test(NAME cookbook_page COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/page.py)
foreach(engine sqlite postgres)
  add_test(NAME cookbook_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_cookbook.py $<TARGET_FILE:luamig> ${engine})
  set_tests_properties(cookbook_${engine} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endforeach()
