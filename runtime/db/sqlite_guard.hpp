#pragma once

#include <sqlite3.h>

#include <new>

namespace luamig::db {

/// The body of a function that SQLite calls: C code must not see that there is no memory.
template <class Body>
void guarded(sqlite3_context* to, Body body) {
  try {
    body();
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(to);
  }
}

}  // namespace luamig::db
