# The walls between the rooms, by reading and by compiling, and the format of the sources.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
get_property(architecture_rooms GLOBAL PROPERTY LUAMIG_ROOMS)
foreach(room IN LISTS architecture_rooms)
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/architecture/${room}.includes
       CONTENT "$<JOIN:$<TARGET_PROPERTY:luamig_${room},INCLUDE_DIRECTORIES>,\n>\n")
endforeach()
add_test(NAME architecture COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/includes.py)
add_test(NAME architecture_itself
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/includes_test.py)
add_test(NAME architecture_walls COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/walls.py
         ${CMAKE_CXX_COMPILER} ${CMAKE_BINARY_DIR}/architecture)
add_test(NAME format COMMAND ${CMAKE_CURRENT_LIST_DIR}/format.sh)
set_tests_properties(architecture architecture_itself architecture_walls format
                     PROPERTIES TIMEOUT 120)
