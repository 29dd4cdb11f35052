#include "config/locate.hpp"

#include "base/file.hpp"

namespace luamig::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_name = "luamig.toml";

fs::path named(const fs::path& file, const fs::path& start, const std::string& by) {
  const fs::path path = (start / file).lexically_normal();
  if (file::exists(path)) return path;
  throw error(errc::config, "there is no file '" + path.string() + "' (" + by + ")",
              "name a luamig.toml, or leave it out: it is searched upwards from here");
}

}  // namespace

fs::path locate(const overrides& flags, const environment& env, const fs::path& start) {
  if (flags.config_file) return named(*flags.config_file, start, "-c");
  const auto variable = env.find("LUAMIG_CONFIG");
  if (variable != env.end() && !variable->second.empty()) {
    return named(variable->second, start, "LUAMIG_CONFIG");
  }
  for (fs::path directory = start;; directory = directory.parent_path()) {
    if (file::exists(directory / file_name)) return directory / file_name;
    if (directory == directory.parent_path()) return {};
  }
}

error no_file(const environment& env, const fs::path& start) {
  std::string hint = "`luamig init` makes a project here";
  if (env.contains("ALEMBIC_CONFIG")) {
    hint += "; ALEMBIC_CONFIG is not read: use LUAMIG_CONFIG or -c";
  } else if (file::exists(start / "alembic.ini")) {
    hint += "; alembic.ini is not read";
  }
  return {errc::config, "no luamig.toml in '" + start.string() + "' or above it", hint};
}

}  // namespace luamig::config
