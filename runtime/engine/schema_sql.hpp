#pragma once

#include <string>
#include <string_view>

namespace luamig::engine {

/// Queries of one text column: what a database's schema holds, luamig's own tables left out, a line
/// for each thing. Names bear their schema where that is not the books'.

/// ?1: the version table's name.
[[nodiscard]] std::string_view sqlite_schema_sql();
/// The name and the stored text of each table; ?1 as above.
[[nodiscard]] std::string_view sqlite_tables_sql();
/// $1: the books' schema, $2: the version table's name. What belongs to an extension is left out.
[[nodiscard]] const std::string& postgres_schema_sql();

}  // namespace luamig::engine
