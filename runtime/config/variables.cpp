#include "config/variables.hpp"

namespace luamig::config {

std::optional<variables::found> variables::find(const std::string& name) const {
  if (const auto at = process_.find(name); at != process_.end()) return found{at->second, name};
  for (auto at = dotenv_.rbegin(); at != dotenv_.rend(); ++at) {
    if (at->name == name) return found{at->value, ".env:" + std::to_string(at->line)};
  }
  return std::nullopt;
}

variables::expansion variables::expand(std::string_view text) const {
  expansion out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] != '$' || (next != '$' && next != '{')) {
      out.text += text[i];
      continue;
    }
    if (next == '$') {
      out.text += text[i++];
      continue;
    }
    const std::size_t end = text.find('}', i);
    if (end == std::string_view::npos) {
      out.malformed = true;
      return out;
    }
    const std::string name(text.substr(i + 2, end - i - 2));
    if (const auto value = find(name)) {
      out.text += value->value;
    } else if (out.missing.empty()) {
      out.missing = name;
      out.malformed = name.empty();
    }
    i = end;
  }
  return out;
}

}  // namespace luamig::config
