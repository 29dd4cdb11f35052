#include "config/named_keys.hpp"

#include <algorithm>

namespace luamig::config {
namespace {

bool is_plain_name(std::string_view name) {
  const auto is_word = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_word);
}

}  // namespace

bool is_secret_key(const key_path& path) {
  return path.size() >= 2 && path.size() <= 3 && path[0] == "secrets" &&
         (path.size() == 2 || path[2] == "file");
}

bool is_database_key(const key_path& path) {
  return path.size() == 3 && path[0] == "databases" &&
         (path[2] == "url" || path[2] == "url_command");
}

bool is_named_section(const key_path& path) {
  return (path[0] == "secrets" || path[0] == "databases") && path.size() <= 2;
}

std::string problem_of_name(const key_path& path) {
  const bool named = is_secret_key(path) || is_database_key(path);
  if (!named || is_plain_name(path[1])) return "";
  return "'" + path[1] + "' is no name of a " + (path[0] == "secrets" ? "secret" : "database");
}

std::string_view form_of_named(const key_path& path) {
  if (path[0] == "secrets") return "write NAME = \"${NAME}\", or NAME = { file = \"path\" }";
  if (path[0] == "databases") return "[databases.NAME] has url = \"…\" or url_command = \"…\"";
  return "";
}

}  // namespace luamig::config
