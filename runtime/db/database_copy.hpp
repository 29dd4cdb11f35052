#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/guardian.hpp"
#include "db/connection.hpp"
#include "db/url.hpp"

namespace luamig::db {

/// A copy of a database, to try something on, or an empty one beside it. It is dropped with this
/// object, and, where the process dies before that, by another one.
///
/// SQLite: a file in a directory of its own below TMPDIR; a missing file is copied as an empty one.
/// PostgreSQL: a database on the same server, by CREATE DATABASE … TEMPLATE while nobody else is
/// connected, else by pg_dump and pg_restore.
class database_copy {
 public:
  /// Throws error{errc::refused} naming who is connected where pg_dump is not found, and what the
  /// database says where it cannot be copied.
  database_copy(const url& of, const open_options& how);

  /// For the constructor of an empty one.
  struct empty {};
  /// Holds nothing; on PostgreSQL it is made of template0, with the encoding, the locale and the
  /// settings of the URL's database. Throws error{errc::refused} where the role has no right to
  /// make a database.
  database_copy(empty, const url& beside);
  ~database_copy();
  database_copy(const database_copy&) = delete;
  database_copy& operator=(const database_copy&) = delete;

  [[nodiscard]] const url& where() const noexcept { return where_; }

 private:
  database_copy(const url& of, std::string_view what);
  void copy_sqlite(const url& of, const open_options& how);

  url where_;
  std::filesystem::path directory_;
  std::unique_ptr<guardian> guard_;
};

}  // namespace luamig::db
