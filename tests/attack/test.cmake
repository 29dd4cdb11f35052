# Scripts that want out, as migrations; and LuaJIT's ffi in a process that is shut in.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(engine sqlite postgres)
  add_test(NAME attack_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_attacks.py --program $<TARGET_FILE:luamig> --on ${engine})
  add_test(NAME attack_shell_${engine} COMMAND ${Python3_EXECUTABLE}
           ${CMAKE_CURRENT_LIST_DIR}/run_shell.py --program $<TARGET_FILE:luamig> --on ${engine})
  set_tests_properties(attack_${engine} attack_shell_${engine} PROPERTIES SKIP_RETURN_CODE 77
                       TIMEOUT 300)
endforeach()

add_executable(jailed_ffi_test ${CMAKE_CURRENT_LIST_DIR}/jailed_ffi_test.cpp)
target_include_directories(jailed_ffi_test PRIVATE ${CMAKE_SOURCE_DIR}/runtime ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(jailed_ffi_test PRIVATE luamig_worker luamig_lib_luajit luamig_doctest_main
                      luamig_warnings)
target_link_options(jailed_ffi_test PRIVATE -rdynamic)
add_test(NAME attack_ffi COMMAND jailed_ffi_test)

add_test(NAME attack_system_calls COMMAND ${Python3_EXECUTABLE}
         ${CMAKE_CURRENT_LIST_DIR}/run_system_calls.py --program $<TARGET_FILE:luamig>
         --jailed $<TARGET_FILE:jailed_ffi_test>)
set_tests_properties(attack_system_calls PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120)
