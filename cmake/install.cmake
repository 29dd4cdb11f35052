# What is installed, and the Debian package. Everything the program needs at run time is inside it:
# only its documentation and the shells' completions stand beside it.
include(GNUInstallDirs)

install(TARGETS luamig RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md"
  PATTERN "*.json")

# The program writes its own completions, so they are always those of its options.
function(luamig_completion shell file)
  set(written ${CMAKE_BINARY_DIR}/completions/${shell})
  install(CODE "
    file(MAKE_DIRECTORY \"${CMAKE_BINARY_DIR}/completions\")
    execute_process(COMMAND \"$<TARGET_FILE:luamig>\" completion ${shell}
                    OUTPUT_FILE \"${written}\" COMMAND_ERROR_IS_FATAL ANY)")
  get_filename_component(folder ${file} DIRECTORY)
  get_filename_component(name ${file} NAME)
  install(FILES ${written} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} RENAME ${name})
endfunction()
luamig_completion(bash bash-completion/completions/luamig)
luamig_completion(zsh zsh/vendor-completions/_luamig)
luamig_completion(fish fish/vendor_completions.d/luamig.fish)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME luamig)
set(CPACK_PACKAGE_VENDOR "the luamig authors")
set(CPACK_PACKAGE_CONTACT "the luamig authors <luamig@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Both are loaded when a PostgreSQL URL is opened, so the linker knows nothing of them.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libpq5, libpg-query1504.0")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql-client, sqlite3")
include(CPack)
