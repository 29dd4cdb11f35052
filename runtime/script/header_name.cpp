#include "script/header_name.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace luamig::script {
namespace {

constexpr std::array<std::string_view, 10> names{
    "revision",     "down_revision", "depends_on", "branch_labels", "transactional",
    "irreversible", "environments",  "upgrade",    "downgrade",     "verify"};

bool is_id(std::string_view id) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  };
  return !id.empty() && std::all_of(id.begin(), id.end(), is_part);
}

bool is_reserved(std::string_view id) {
  return id == "head" || id == "heads" || id == "base" || id == "current";
}

bool is_relative(std::string_view id) {
  return id.size() > 1 && (id[0] == '+' || id[0] == '-') &&
         std::all_of(id.begin() + 1, id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

[[noreturn]] void fail(std::string_view path, int line, std::string message, std::string hint) {
  throw error_at(errc::script, path, line, std::move(message), std::move(hint));
}

}  // namespace

std::string_view text_of(header_name name) noexcept {
  return names[static_cast<std::size_t>(name)];
}

std::optional<header_name> find_name(std::string_view text) noexcept {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<header_name>(found - names.begin());
}

std::optional<std::string> meant_name(std::string_view given, header_name first, header_name last) {
  const std::vector<std::string> candidates(names.begin() + static_cast<int>(first),
                                            names.begin() + static_cast<int>(last) + 1);
  auto near = text::nearest(given, candidates);
  if (near && given.starts_with(*near + "_")) near.reset();
  return near;
}

void check_id(std::string_view id, std::string_view path, int line) {
  if (is_reserved(id) || is_relative(id)) {
    fail(path, line, text::in_quotes(id) + " is reserved and cannot be a revision id",
         "head, heads, base, current, +1 and -1 name places in the graph");
  }
  if (id.size() > 255) {
    fail(path, line,
         "the revision id " + text::in_quotes(text::shorten(id, 40)) + " has " +
             std::to_string(id.size()) + " bytes",
         "255 bytes are the most that fit into the version table");
  }
  if (!is_id(id)) {
    fail(path, line, text::in_quotes(id) + " is not a valid revision id",
         "it is made of letters a-z A-Z, digits, '_' and '.'");
  }
}

}  // namespace luamig::script
