# The system's Python, for it has the system's jsonschema.
find_program(LUAMIG_SYSTEM_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(NOT LUAMIG_SYSTEM_PYTHON)
  find_program(LUAMIG_SYSTEM_PYTHON python3 REQUIRED)
endif()
add_test(NAME json_schema COMMAND ${LUAMIG_SYSTEM_PYTHON}
         ${CMAKE_CURRENT_LIST_DIR}/run_json_schema.py $<TARGET_FILE:luamig>)
set_tests_properties(json_schema PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77)
