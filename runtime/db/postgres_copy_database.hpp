#pragma once

#include <string>

#include "db/url.hpp"

namespace luamig::db {

/// A name that no other database has: "luamig_copy_4711_8f0c2b".
[[nodiscard]] std::string name_of_copy();

/// Makes a database of this name on the server, as the URL's database is now. Throws as
/// database_copy.
void make_postgres_copy(const url& of, const std::string& name);

/// The same without anything in it. Throws error{errc::refused} where the role may not.
void make_empty_postgres(const url& beside, const std::string& name);

/// Drops the database that `copy.instead` names, at best.
void drop_postgres_copy(const url& copy) noexcept;
/// As above, when the process that made it is gone, maybe in the middle of that.
void drop_postgres_copy_at_last(const url& copy) noexcept;

}  // namespace luamig::db
