# The planner against the recorded answers of tests/data/graph (see the README there).
add_executable(graph_corpus
  ${CMAKE_CURRENT_LIST_DIR}/graph_corpus.cpp
  ${CMAKE_CURRENT_LIST_DIR}/corpus.cpp
  ${CMAKE_CURRENT_LIST_DIR}/answer.cpp
  ${CMAKE_CURRENT_LIST_DIR}/judge.cpp
  ${CMAKE_CURRENT_LIST_DIR}/mutants.cpp)
get_target_property(see luamig_graph INCLUDE_DIRECTORIES)
target_include_directories(graph_corpus PRIVATE ${see} ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(graph_corpus PRIVATE
  luamig_graph luamig_base luamig_lib_nlohmann_json luamig_warnings)
target_compile_definitions(graph_corpus PRIVATE
  LUAMIG_GRAPH_CASES="${CMAKE_CURRENT_SOURCE_DIR}/data/graph/cases.json")
add_test(NAME graph_corpus COMMAND graph_corpus)
add_test(NAME graph_corpus_mutants COMMAND graph_corpus --mutate)

luamig_library(rapidcheck LINK rapidcheck)
add_executable(graph_properties ${CMAKE_CURRENT_LIST_DIR}/planner_properties.cpp)
target_include_directories(graph_properties PRIVATE ${see})
target_link_libraries(graph_properties PRIVATE
  luamig_graph luamig_base luamig_lib_rapidcheck luamig_warnings)
add_test(NAME graph_properties COMMAND graph_properties)
set_tests_properties(graph_properties PROPERTIES ENVIRONMENT "RC_PARAMS=max_success=1000")
