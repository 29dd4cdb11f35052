# Third-party libraries, each behind one interface target with its own include directory, so that only
# the rooms that name it can include it. All are Debian 12 packages (.ci/setup).

function(luamig_library name)
  cmake_parse_arguments(L "" "HEADER" "LINK;INCLUDE" ${ARGN})
  add_library(luamig_lib_${name} INTERFACE)
  if(L_HEADER)
    find_path(LUAMIG_${name}_INCLUDE ${L_HEADER} PATHS ${L_INCLUDE} REQUIRED)
    if(NOT LUAMIG_${name}_INCLUDE STREQUAL "/usr/include")
      target_include_directories(luamig_lib_${name} SYSTEM INTERFACE ${LUAMIG_${name}_INCLUDE})
    endif()
  endif()
  target_link_libraries(luamig_lib_${name} INTERFACE ${L_LINK})
endfunction()

find_package(Threads REQUIRED)
luamig_library(sodium LINK libsodium.a)
luamig_library(zlib LINK z)
luamig_library(utf8proc HEADER utf8proc.h LINK libutf8proc.a)
luamig_library(seccomp HEADER seccomp.h LINK libseccomp.a)
luamig_library(tomlplusplus)
luamig_library(sqlitecpp LINK SQLiteCpp sqlite3 ${CMAKE_DL_LIBS} Threads::Threads)
# libpq and libpg_query are loaded when a PostgreSQL URL is opened: headers only.
luamig_library(libpq_headers HEADER libpq-fe.h INCLUDE /usr/include/postgresql)
luamig_library(pg_query_headers HEADER pg_query.h)
luamig_library(luajit HEADER lua.hpp INCLUDE /usr/include/luajit-2.1
               LINK libluajit-5.1.a ${CMAKE_DL_LIBS} m)
luamig_library(libedit HEADER histedit.h LINK libedit.a libbsd.a libmd.a libtinfo.a)
luamig_library(cli11)
luamig_library(nlohmann_json)
