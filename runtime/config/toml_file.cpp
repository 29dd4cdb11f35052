#include "config/toml_file.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include "base/error.hpp"

namespace luamig::config {
namespace {

std::string_view kind_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::floating_point:
      return "a number with a point";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::array:
      return "a list that holds more than texts";
    default:
      return "another kind of value";
  }
}

decltype(toml_entry::value) list_value(const toml::array& list) {
  std::vector<std::string> items;
  for (const toml::node& item : list) {
    const auto* text = item.as_string();
    if (text == nullptr) return other_value{std::string(kind_name(list))};
    items.push_back(text->get());
  }
  return items;
}

decltype(toml_entry::value) plain_value(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* list = node.as_array()) return list_value(*list);
  return other_value{std::string(kind_name(node))};
}

void flatten(const toml::table& table, std::vector<std::string>& path, toml_file& into) {
  for (const auto& [key, node] : table) {
    path.emplace_back(key.str());
    if (const toml::table* inner = node.as_table()) {
      into.tables.push_back({path, static_cast<int>(node.source().begin.line)});
      flatten(*inner, path, into);
    } else {
      into.entries.push_back({path, plain_value(node), static_cast<int>(node.source().begin.line)});
    }
    path.pop_back();
  }
}

[[noreturn]] void refuse(const toml::parse_error& problem, const std::string& path) {
  error out(errc::config, "not valid TOML: " + std::string(problem.description()),
            "texts stand in quotes, keys before the first [section] belong to no section");
  out.file = path;
  out.line = static_cast<int>(problem.source().begin.line);
  throw out;
}

toml::table parse(std::string_view text, const std::string& path) {
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& problem) {  // the edge of the library
    refuse(problem, path);
  }
}

}  // namespace

toml_file parse_toml(std::string_view text, const std::string& path) {
  toml_file out;
  std::vector<std::string> at;
  flatten(parse(text, path), at, out);
  const auto by_line = [](const auto& a, const auto& b) { return a.line < b.line; };
  std::stable_sort(out.entries.begin(), out.entries.end(), by_line);
  std::stable_sort(out.tables.begin(), out.tables.end(), by_line);
  return out;
}

}  // namespace luamig::config
