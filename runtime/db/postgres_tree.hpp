#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace luamig::db {

// Questions to libpg_query's JSON tree, which leaves out whatever is false, 0 or empty.

/// The field's text, "" where it is none.
[[nodiscard]] std::string text_of(const nlohmann::json& body, const char* key);
[[nodiscard]] bool is_true(const nlohmann::json& body, const char* key);
[[nodiscard]] bool is_filled(const nlohmann::json& body, const char* key);
/// Whether the list holds the option of this name: (CONCURRENTLY).
[[nodiscard]] bool has_option(const nlohmann::json& body, const char* list,
                              std::string_view wanted);
/// The text of a {"String": …}, "" for anything else.
[[nodiscard]] std::string string_of(const nlohmann::json& item);

/// Whether the statement, {`node`: `body`}, works outside a transaction only.
[[nodiscard]] bool needs_autocommit(std::string_view node, const nlohmann::json& body);

}  // namespace luamig::db
