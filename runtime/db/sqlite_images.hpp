#pragma once

struct sqlite3;

namespace luamig::db {

/// Makes the functions of SQL by which luamig_undo keeps values of SQLite as they are, with their
/// type and to the last bit:
///
///   luamig_pack(a, b, …)    bytes that hold these values
///   luamig_join(x, y, …)    the bytes of several packs as those of one: a function takes no more
///                           than 127 arguments
///   luamig_hash(x)          the SHA-256 of packed bytes
///   luamig_unpack(x, n)     the n-th value, from 1
///
/// They are for statements alone, not for views and triggers.
void install_sqlite_images(sqlite3* on);

}  // namespace luamig::db
