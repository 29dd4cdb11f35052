# luamig_room(name [FOLDER dir] [USES rooms…] [LIBRARIES libraries…])
#
# One static library from all .cpp files of runtime/<name> (or FOLDER). Rooms see each other's headers
# as "room/header.hpp" through a private forwarding directory that holds only the rooms it may use:
# an include of any other room is a missing file.

add_library(luamig_warnings INTERFACE)
target_compile_options(luamig_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  -Wno-restrict)  # GCC 12 sees overlaps in "text" + std::string that are not there (GCC bug 105651)

function(luamig_room name)
  cmake_parse_arguments(R "" "FOLDER" "USES;LIBRARIES" ${ARGN})
  if(NOT R_FOLDER)
    set(R_FOLDER runtime/${name})
  endif()
  set(see ${CMAKE_BINARY_DIR}/see/${name})
  file(REMOVE_RECURSE ${see})
  file(MAKE_DIRECTORY ${see})
  foreach(room IN LISTS R_USES ITEMS ${name})
    set(folder ${CMAKE_SOURCE_DIR}/runtime/${room})
    if(room STREQUAL "bindings")
      set(folder ${CMAKE_SOURCE_DIR}/bindings)
    endif()
    file(CREATE_LINK ${folder} ${see}/${room} SYMBOLIC)
  endforeach()

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${R_FOLDER}/*.cpp)
  add_library(luamig_${name} STATIC ${sources})
  target_include_directories(luamig_${name} PRIVATE ${see})
  target_link_libraries(luamig_${name} PRIVATE luamig_warnings)
  target_compile_definitions(luamig_${name} PRIVATE LUAMIG_VERSION="${PROJECT_VERSION}")
  luamig_precompile(luamig_${name} runtime)
  foreach(room IN LISTS R_USES)
    target_link_libraries(luamig_${name} PRIVATE luamig_${room})
  endforeach()
  foreach(library IN LISTS R_LIBRARIES)
    target_link_libraries(luamig_${name} PRIVATE luamig_lib_${library})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY LUAMIG_ROOMS ${name})
endfunction()
