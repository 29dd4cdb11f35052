#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luamig::db {

/// The book of before-images, without its schema.
inline constexpr std::string_view undo_table = "luamig_undo";

/// What a statement is, as the database's own parser says it.
enum class statement_kind {
  query,        ///< SELECT, VALUES, EXPLAIN, SHOW, a reading PRAGMA
  change,       ///< INSERT, UPDATE, DELETE, MERGE, COPY FROM STDIN
  schema,       ///< CREATE, ALTER, DROP, TRUNCATE, COMMENT, GRANT, REINDEX, ANALYZE, VACUUM
  transaction,  ///< BEGIN, COMMIT, SAVEPOINT …: the host's affair, refused from scripts
  setting,      ///< SET, RESET, a writing PRAGMA
  other,
};

/// Facts about one statement; tables are named as written, without quotes ("public.users",
/// "users").
struct statement_facts {
  statement_kind kind = statement_kind::other;
  bool returns_rows = false;
  bool needs_autocommit = false;  ///< CREATE INDEX CONCURRENTLY, VACUUM, CREATE DATABASE …
  bool of_server = false;  ///< PostgreSQL: changes what all of its databases share, a role say
  std::vector<std::string> reads;   ///< tables read (SQLite, views followed; PostgreSQL: not told)
  std::vector<std::string> writes;  ///< tables changed, created or dropped; SQLite: by triggers too
  std::string setting;  ///< SQLite: the PRAGMA whose value it sets, where that is put back
  std::string refusal;  ///< why a script may not run it; "" when it may
};

}  // namespace luamig::db
