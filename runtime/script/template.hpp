#pragma once

#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace luamig::script {

/// What fills a template's slots.
struct new_script {
  std::string revision;
  std::vector<std::string> down_revision;
  std::vector<std::string> depends_on;
  std::vector<std::string> branch_labels;
  std::string message;
  std::string upgrades;  ///< Lua statements for the body; "" for none
  std::string downgrades;
  std::time_t created = 0;  ///< UTC
  bool is_sql = false;      ///< an SQL file: `upgrades` and `downgrades` are SQL
};

/// Fills ${message} ${up_revision} ${down_revision} ${create_date} ${branch_labels} ${depends_on}
/// ${upgrades} ${downgrades}; all but message and create_date become Lua literals (nil, "a",
/// {"a", "b"}). An unknown slot is an error{errc::config} with file and line. `$${` is a plain
/// `${`.
///
/// In a line that is a comment, ids stand bare ("a, b", "<base>") and every line of the message is
/// a comment of its own; no message is "empty message". In an SQL file no ids are nil there too.
/// ${upgrades} and ${downgrades} alone on a line give their statements its indentation, and remove
/// it when there are none.
[[nodiscard]] std::string render(std::string_view text, const new_script& values,
                                 std::string_view path);

/// The file name for `file_template` ("{rev}_{slug}", also {year} {month} {day} {hour} {minute}
/// {second} {epoch}), ".lua" or ".sql" included. The slug is lower case, words joined by "_", at
/// most 40 characters, "" for an empty message (the "_" before it goes too). An unknown word is an
/// error{errc::config}.
[[nodiscard]] std::string file_name(std::string_view file_template, const new_script& values);

/// Twelve random hex digits.
[[nodiscard]] std::string new_revision_id();

/// The built-in text of a template: "script.lua.tmpl", "script.sql.tmpl".
[[nodiscard]] std::string_view built_in_template(std::string_view name);

/// A file of the built-in template of this kind ("generic", "multidb"), by its name below the
/// project: "luamig.toml", "env.lua", "script.lua.tmpl", "README.md", "luacheckrc".
struct template_file {
  std::string_view name;
  std::string_view content;
};
struct project_template {
  std::string_view name;
  std::string_view description;
  std::vector<template_file> files;
};
/// All built-in templates, "generic" first. The text is compiled in.
[[nodiscard]] const std::vector<project_template>& project_templates();

}  // namespace luamig::script
