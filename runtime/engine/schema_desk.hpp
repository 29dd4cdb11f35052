#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "engine/book_sql.hpp"
#include "engine/observer.hpp"
#include "engine/script_host.hpp"

namespace luamig::engine {

/// Where schemas are read, made of models for a look, and compared. What a schema is, Lua knows
/// (stdlib/luamig/autogenerate); here is what it needs of a database. Nothing that is done here
/// stays: a PostgreSQL transaction is rolled back, a database of SQLite lies in memory.
class schema_desk {
 public:
  schema_desk(script_host& host, observer& watching, db::open_options how, books where);

  /// Reads the schema of a database, and keeps it under this name.
  void read(std::string_view name, db::connection& on);
  /// The same of an empty database of SQLite.
  void read_nothing(std::string_view name);
  /// Makes what a source describes ("models": what env.lua or models.lua says; else the path of a
  /// .lua or .sql file, with its text) in a scratch place, and keeps its schema under this name.
  /// `beside`: PostgreSQL makes it there; on SQLite it is not looked at, and may be null.
  void build(std::string_view name, std::string_view source, std::string_view text,
             db::connection* beside);
  /// Another function of luamig.autogenerate, about what was read; `on` says how its engine writes
  /// SQL. Null: an empty database of SQLite.
  [[nodiscard]] std::vector<std::string> ask(std::string_view function,
                                             std::vector<std::string> given, db::connection* on);

 private:
  std::vector<std::string> consult_on(std::string_view function, std::vector<std::string> given,
                                      db::connection& on);

  script_host& host_;
  observer& watching_;
  db::open_options how_;
  books where_;
};

}  // namespace luamig::engine
