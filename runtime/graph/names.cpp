#include "graph/names.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "graph/refusal.hpp"

namespace luamig::graph {
namespace {

constexpr std::size_t longest_name = 255;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool legal_in_id(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '.';
}

bool legal_in_label(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte != 0x7F && c != '@' && c != ':' && c != '+';
}

/// "shop-1" would be read as a step down from "shop".
bool ends_as_offset(std::string_view s) {
  const std::size_t digits = s.find_last_not_of("0123456789");
  return digits != std::string_view::npos && digits + 1 < s.size() && s[digits] == '-';
}

bool reserved(std::string_view s) {
  static constexpr std::array<std::string_view, 4> words{"head", "heads", "base", "current"};
  return std::find(words.begin(), words.end(), s) != words.end();
}

void check(std::string_view origin, const std::string& name, std::string_view what, bool legal) {
  if (name.empty() || !legal) {
    throw refusal(
        "illegal_char", "illegal " + std::string(what) + " " + in_quotes(name) + in_file(origin),
        what == "branch label" ? "a label has no '@', ':', '+', blank or \"-1\" at its end"
                               : "an id is made of letters, digits, '_' and '.'");
  }
  if (reserved(name)) {
    throw refusal(
        "reserved",
        std::string(what) + " " + in_quotes(name) + " is a reserved word" + in_file(origin),
        "head, heads, base and current name places, choose another name");
  }
  if (name.size() > longest_name) {
    throw refusal("too_long",
                  std::string(what) + " " + in_quotes(name.substr(0, 40) + "…") + " has " +
                      std::to_string(name.size()) + " bytes" + in_file(origin),
                  "at most 255 fit");
  }
}

}  // namespace

void check_id(const revision& r) {
  check(r.origin, r.id, "revision id", std::all_of(r.id.begin(), r.id.end(), legal_in_id));
}

void check_labels(const std::vector<std::string>& labels, std::string_view origin) {
  for (const std::string& label : labels) {
    const bool legal =
        std::all_of(label.begin(), label.end(), legal_in_label) && !ends_as_offset(label);
    check(origin, label, "branch label", legal);
  }
}

}  // namespace luamig::graph
