#include "cli/output_path.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include "base/error.hpp"

namespace luamig::cli {
namespace {

namespace fs = std::filesystem;

/// A file of SQLite by its first bytes, or one that stands beside it.
bool is_database(context& in, const fs::path& path) {
  const fs::path& own = in.here.where().file;
  if (!own.empty()) {
    const fs::path database = fs::weakly_canonical(own);
    for (const char* const beside : {"", "-wal", "-shm", "-journal"}) {
      fs::path one = database;
      one += beside;
      if (path == one) return true;
    }
  }
  constexpr std::string_view magic = "SQLite format 3";
  std::array<char, magic.size()> first{};
  std::ifstream file(path, std::ios::binary);
  return file.read(first.data(), first.size()) &&
         std::equal(magic.begin(), magic.end(), first.begin());
}

bool is_below(const fs::path& path, const fs::path& directory) {
  const fs::path root = fs::weakly_canonical(directory);
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

}  // namespace

fs::path output_path(context& in, const std::string& option, const std::string& given) {
  std::error_code unknown;
  const fs::path path = fs::weakly_canonical(fs::absolute(given), unknown);
  const config::settings& settings = in.here.settings();
  const auto refuse = [&](const std::string& why) {
    throw error{errc::usage, option + " would take the place of '" + given + "', which is " + why,
                "give it a file of its own"};
  };
  if (unknown || given.empty() || given == "-") {
    throw error{errc::usage, option + " wants a file, not '" + given + "'"};
  }
  if (fs::exists(path, unknown) && !fs::is_regular_file(path, unknown)) refuse("no regular file");
  if (is_database(in, path)) refuse("a database");
  if (path == fs::weakly_canonical(settings.file)) refuse("luamig's configuration");
  if (is_below(path, settings.migrations)) refuse("below the migrations directory");
  return path;
}

}  // namespace luamig::cli
