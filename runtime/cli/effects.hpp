#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/json_line.hpp"
#include "engine/effects.hpp"
#include "engine/migrator.hpp"
#include "engine/plan_record.hpp"

/// What a dry run has measured, for people, for programs, and as a page.
namespace luamig::cli {

/// Lines of text, the last one empty.
[[nodiscard]] std::string effects_text(const engine::revision_effects& of);

/// The same of operations that are planned: each with the locks that it takes.
[[nodiscard]] std::string operations_text(const std::vector<engine::planned_operation>& operations);

/// The event `report`.
[[nodiscard]] json_value effects_json(const engine::revision_effects& of);

/// One file of HTML that needs nothing else. `sandboxed`: its times are upper bounds.
[[nodiscard]] std::string effects_page(std::string_view shown_url, const engine::run_report& of,
                                       bool sandboxed);

/// The lines of a schema's difference for people: those of a table that comes or goes as a whole
/// are told with it, "table users (id, email)".
[[nodiscard]] std::vector<std::string> folded(const std::vector<std::string>& lines);

/// "12 000": with a thin gap in every three digits.
[[nodiscard]] std::string grouped(std::int64_t n);
/// "1.2 MB"
[[nodiscard]] std::string bytes_text(std::int64_t n);

}  // namespace luamig::cli
