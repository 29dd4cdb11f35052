# luamig_embed(target DIRECTORY dir PATTERNS globs… HEADER file TYPE name NAMESPACE name FUNCTION name
#              [BYTECODE])
#
# Compiles text files into a target. DIRECTORY is relative to the project; PATTERNS are relative to
# DIRECTORY, and * crosses folders. The generated source includes HEADER, which declares, in NAMESPACE,
#   struct TYPE { std::string_view path; std::span<const std::string_view> parts; };
#   std::span<const TYPE> FUNCTION() noexcept;
# `path` is relative to DIRECTORY, the elements are sorted by it, and the parts of a file joined are
# its text: several only over 15 kB, since compilers limit the length of one literal. With BYTECODE
# the files are Lua, compiled by the luajit of the package that the program is linked with.
#
# This file is also the script that writes the source, when it is run with cmake -P.

function(luamig_embed target)
  cmake_parse_arguments(E "BYTECODE" "DIRECTORY;HEADER;TYPE;NAMESPACE;FUNCTION" "PATTERNS" ${ARGN})
  set(directory ${CMAKE_SOURCE_DIR}/${E_DIRECTORY})
  list(TRANSFORM E_PATTERNS PREPEND ${directory}/)
  file(GLOB_RECURSE files RELATIVE ${directory} CONFIGURE_DEPENDS ${E_PATTERNS})
  list(SORT files)
  set(output ${CMAKE_BINARY_DIR}/embedded/${target}_${E_FUNCTION}.cpp)
  set(arguments ${output}.cmake)
  # In a file of its own, which is a dependency too: a list of many names is too long for a command.
  file(CONFIGURE OUTPUT ${arguments} CONTENT "set(files @files@)\n")
  set(dependencies ${files})
  list(TRANSFORM dependencies PREPEND ${directory}/)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D directory=${directory} -D arguments=${arguments} -D output=${output}
            -D header=${E_HEADER} -D type=${E_TYPE} -D namespace=${E_NAMESPACE}
            -D function=${E_FUNCTION} -D bytecode=${E_BYTECODE} -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${dependencies} ${arguments} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
            ${CMAKE_SOURCE_DIR}/cmake/bytecode.lua
    COMMENT "Embedding ${E_DIRECTORY}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

# The text as raw string literals, cut at line ends. No list is made of it: a list would lose every
# semicolon and bracket.
function(luamig_literals text result)
  set(literals "")
  string(LENGTH "${text}" left)
  while(left GREATER 15000)
    string(SUBSTRING "${text}" 0 15000 part)
    string(FIND "${part}" "\n" end REVERSE)
    math(EXPR end "${end} + 1")
    if(end EQUAL 0)
      message(FATAL_ERROR "a line of over 15,000 bytes cannot be embedded")
    endif()
    string(SUBSTRING "${text}" 0 ${end} part)
    string(SUBSTRING "${text}" ${end} -1 text)
    string(APPEND literals "R\"luamig(${part})luamig\",\n")
    string(LENGTH "${text}" left)
  endwhile()
  set(${result} "${literals}R\"luamig(${text})luamig\"" PARENT_SCOPE)
endfunction()

function(luamig_write_embedded)
  include(${arguments})
  set(texts "")
  set(table "")
  set(count 0)
  foreach(name IN LISTS files)
    if(bytecode)
      execute_process(COMMAND luajit ${CMAKE_CURRENT_LIST_DIR}/bytecode.lua ${directory} ${name}
        OUTPUT_VARIABLE literals COMMAND_ERROR_IS_FATAL ANY)
    else()
      file(READ ${directory}/${name} text)
      luamig_literals("${text}" literals)
    endif()
    string(APPEND texts "constexpr std::string_view text_${count}[] = {\n${literals}};\n")
    string(APPEND table "    {\"${name}\", text_${count}},\n")
    math(EXPR count "${count} + 1")
  endforeach()
  file(WRITE ${output} "#include \"${header}\"\n\nnamespace ${namespace} {\nnamespace {\n\n"
       "using namespace std::literals;\n\n"
       "${texts}\nconstexpr ${type} all[] = {\n${table}};\n\n}  // namespace\n\n"
       "std::span<const ${type}> ${function}() noexcept { return all; }\n\n"
       "}  // namespace ${namespace}\n")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  luamig_write_embedded()
endif()
