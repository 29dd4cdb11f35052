#include "script/file_list.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "script/sql_file.hpp"

namespace luamig::script {
namespace {

namespace fs = std::filesystem;

bool is_script_name(std::string_view name) {
  return name[0] != '.' && (name.ends_with(".lua") || is_sql_name(name));
}

[[noreturn]] void refuse(const fs::path& path, const std::string& why, std::string hint) {
  throw error(errc::script,
              "'" + path.string() + "' looks like a migration and would not be read: " + why,
              std::move(hint));
}

std::string with_lower_ending(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return name.substr(0, dot) + text::lower_ascii(name.substr(dot));
}

/// A repeatable is known by its name, and every file is printed by it.
void require_plain_name(const fs::path& path) {
  const std::string shown = text::one_line(path.string());
  if (shown == path.string()) return;
  throw error(errc::script, "the name '" + shown + "' holds a control character",
              "rename the file");
}

/// A directory of old or of other migrations: whether they are meant must be said.
void refuse_scripts_below(const fs::path& directory, const std::vector<fs::path>& places) {
  if (std::find(places.begin(), places.end(), directory) != places.end()) return;
  for (const file::entry& found : file::list(directory, "")) {
    if (!found.regular || !is_script_name(found.name)) continue;
    refuse(directory / found.name, "it lies in a directory of its own",
           "add '" + directory.filename().string() +
               "/' to version_locations in luamig.toml, or move it elsewhere");
  }
}

}  // namespace

std::vector<std::string> list_scripts(const fs::path& directory,
                                      const std::vector<fs::path>& places) {
  std::vector<std::string> names;
  for (file::entry& found : file::list(directory, "")) {
    if (is_script_name(found.name)) {
      require_plain_name(directory / found.name);
      if (!found.regular) (void)file::read(directory / found.name);  // throws: it says what it is
      names.push_back(std::move(found.name));
    } else if (found.name[0] == '.') {
      continue;
    } else if (found.directory) {
      refuse_scripts_below(directory / found.name, places);
    } else if (is_script_name(text::lower_ascii(found.name))) {
      refuse(directory / found.name, "its ending is not in lower case",
             "rename it to '" + with_lower_ending(found.name) + "'");
    }
  }
  return names;
}

}  // namespace luamig::script
