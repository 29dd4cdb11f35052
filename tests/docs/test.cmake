find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_test(NAME docs COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/run_docs.py
         $<TARGET_FILE:luamig>)
set_tests_properties(docs PROPERTIES TIMEOUT 120)
