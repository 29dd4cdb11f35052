#include <array>
#include <cassert>

#include "script/embedded_file.hpp"
#include "script/template.hpp"

namespace luamig::script {
namespace {

constexpr std::string_view default_kind = "generic";

constexpr std::array<std::string_view, 5> file_names{"luamig.toml", "env.lua", "script.lua.tmpl",
                                                     "README.md", "luacheckrc"};

/// The content of "<kind>/<name>"; a kind holds only what is its own, the rest is the default's.
std::string_view content_of(std::string_view kind, std::string_view name) {
  const std::string wanted = std::string(kind) + "/" + std::string(name);
  for (const embedded_file& file : embedded_templates()) {
    if (file.path != wanted) continue;
    assert(file.parts.size() == 1);
    return file.parts.front();
  }
  assert(kind != default_kind);
  return content_of(default_kind, name);
}

project_template make(std::string_view kind, std::string_view description) {
  project_template made{kind, description, {}};
  for (const std::string_view name : file_names) {
    made.files.push_back({name, content_of(kind, name)});
  }
  return made;
}

}  // namespace

std::string_view built_in_template(std::string_view name) { return content_of(default_kind, name); }

const std::vector<project_template>& project_templates() {
  static const std::vector<project_template> all{
      make(default_kind, "one database, migrations in Lua"),
      make("multidb", "several databases with the same migrations, a section for each")};
  return all;
}

}  // namespace luamig::script
