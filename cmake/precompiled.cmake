# The standard headers that most sources include, compiled once for each set of flags: without them a
# build from nothing takes a third longer. Every source still includes what it uses: a build with
# -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON proves it.
set(luamig_standard_headers <algorithm> <array> <chrono> <filesystem> <functional> <map> <memory>
    <optional> <span> <string> <string_view> <variant> <vector>)

# luamig_precompile(target name): the target uses the headers of the set `name`, made here when it is
# the first one to ask.
function(luamig_precompile target name)
  if(NOT TARGET luamig_standard_${name})
    file(WRITE ${CMAKE_BINARY_DIR}/standard_${name}.cpp "")
    add_library(luamig_standard_${name} OBJECT ${CMAKE_BINARY_DIR}/standard_${name}.cpp)
    target_link_libraries(luamig_standard_${name} PRIVATE luamig_warnings)
    target_precompile_headers(luamig_standard_${name} PRIVATE ${luamig_standard_headers} ${ARGN})
  endif()
  target_precompile_headers(${target} REUSE_FROM luamig_standard_${name})
endfunction()
