#include "script/requirements.hpp"

#include <algorithm>

#include "base/file.hpp"
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
    if (!fs::is_directory(migrations_ / "lib")) return;
    for (const auto& entry : fs::recursive_directory_iterator(migrations_ / "lib")) {
      if (entry.path().extension() != ".lua") continue;
      library(entry.path().lexically_relative(migrations_).generic_string());
    }
  }

  /// One that is not there is left for require() to report; the stdlib's are not of the project.
  void library(const std::string& name) {
    if (found_.contains(name) || !fs::is_regular_file(migrations_ / name)) return;
    const std::string source = normalise(file::read(migrations_ / name));
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
