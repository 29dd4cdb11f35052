#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luamig::engine {

/// What the text that SQLite keeps of a table tells beside its columns and foreign keys, a line for
/// each: "constraint users.adult CHECK (age > 17)", "constraint users UNIQUE (mail)" without a
/// name, "collation of users.mail: NOCASE", "expression of users.total: (net + tax)", "options of
/// users: STRICT". None of a virtual table.
[[nodiscard]] std::vector<std::string> table_lines(std::string_view table, std::string_view sql);

}  // namespace luamig::engine
