#pragma once

#include <string>
#include <vector>

#include "db/connection.hpp"
#include "engine/book_sql.hpp"

namespace luamig::engine {

/// The schema of a database, luamig's own tables left out.
struct schema_text {
  /// "table users", "column users.email text not null", …: sorted, each once.
  std::vector<std::string> lines;
  /// The text that SQLite keeps of each table, behind its name and a line break.
  std::vector<std::string> texts;
};

/// Read from the catalogs, in the present transaction.
[[nodiscard]] schema_text read_schema(db::connection& on, const books& own);

/// SHA-256 in hex of all of it but owners and rights, whose roles are others in another place:
/// alike for schemas that nobody can tell apart here.
[[nodiscard]] std::string fingerprint(const schema_text& of);

/// What came and what went. A table of SQLite of which no line tells what has changed is in both,
/// as "definition of users: CREATE TABLE …".
struct schema_difference {
  std::vector<std::string> added;
  std::vector<std::string> removed;
};
[[nodiscard]] schema_difference compare(const schema_text& before, const schema_text& after);

}  // namespace luamig::engine
