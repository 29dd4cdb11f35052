#include "script/requirements.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "script/checksum.hpp"
#include "script/lua_lexer.hpp"

namespace luamig::script {
namespace {

namespace fs = std::filesystem;

/// Follows what one text requires to the libraries' own.
class follower {
 public:
  explicit follower(const fs::path& migrations) : migrations_(migrations) {}

  void follow(std::string_view source) {
    lua_lexer lexer(source, "");
    for (token t = lexer.next(); t.kind != token_kind::end_of_file; t = lexer.next()) {
      if (t.kind != token_kind::name || t.text != "require") continue;
      token name = lexer.next();
      if (name.text == "(") name = lexer.next();
      if (name.kind == token_kind::string) {
        module(string_value(name, ""));
      } else {
        every_library();
      }
    }
  }

  std::map<std::string, std::string> take() { return std::move(found_); }

 private:
  void module(std::string name) {
    std::replace(name.begin(), name.end(), '.', '/');
    library("lib/" + name + ".lua");
  }

  void every_library() {
    const fs::path all = migrations_ / "lib";
    if (!file::is_directory(all)) return;
    std::error_code why;
    for (fs::recursive_directory_iterator at(all, why), end; !why && at != end; at.increment(why)) {
      if (at->path().extension() != ".lua") continue;
      library(at->path().lexically_relative(migrations_).generic_string());
    }
    if (!why) return;
    throw error(errc::config, "cannot read what lies in '" + all.string() + "': " + why.message());
  }

  /// One that is not there is left for require() to report; the stdlib's are not of the project.
  void library(const std::string& name) {
    if (found_.contains(name)) return;
    const auto read = file::read_beneath(migrations_, text::split(name, '/'));
    if (!read) return;
    const std::string source = normalise(*read);
    found_.emplace(name, checksum(source));
    follow(source);
  }

  const fs::path& migrations_;
  std::map<std::string, std::string> found_;
};

}  // namespace

std::map<std::string, std::string> required_by(const fs::path& migrations,
                                               std::string_view source) {
  follower all(migrations);
  all.follow(source);
  return all.take();
}

std::string checksum_of(const std::map<std::string, std::string>& required) {
  if (required.empty()) return {};
  std::string all;
  for (const auto& [name, sum] : required) all.append(name).append(" ").append(sum).append("\n");
  return checksum(all);
}

}  // namespace luamig::script
