#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace luamig::db {

enum class engine { sqlite, postgresql };

/// "sqlite" or "postgresql": the name scripts and output use.
[[nodiscard]] std::string_view name(engine e) noexcept;

/// A database URL, taken apart.
struct url {
  engine kind = engine::sqlite;
  std::filesystem::path file;  ///< SQLite: absolute; empty: in memory
  std::string conninfo;  ///< PostgreSQL: what libpq is given, "+driver" removed; holds the password
  std::string database;  ///< PostgreSQL: the database's name, "" when libpq decides
  std::string instead;   ///< PostgreSQL: a database of the same server to be used in its place
  std::string shown;     ///< the URL with every password replaced by ***: the only form printed
};

/// `sqlite:///relative`, `sqlite:////absolute`, `sqlite://` (memory), `postgresql://…`,
/// `postgres://…`, `postgresql+psycopg2://…`, libpq's options after `?` (for SQLite: none).
/// Relative files are taken from `directory`. Throws error{errc::config} that names the masked URL
/// and the accepted forms; a percent sequence that is not one, a scheme near a known one, a raw
/// '@',
/// '/' or '?' in a password and an odd port are named. A text without a scheme is not shown.
[[nodiscard]] url parse_url(std::string_view text, const std::filesystem::path& directory);

}  // namespace luamig::db
