#include "db/libpq_library.hpp"

#include "db/shared_library.hpp"

namespace luamig::db {

libpq_library libpq_library::load() {
  const shared_library file{{"libpq.so.5"}, "libpq5", "PostgreSQL's client library"};
  libpq_library out;
#define LUAMIG_LOAD(name) file.find("PQ" #name, out.name);
  LUAMIG_LIBPQ_FUNCTIONS(LUAMIG_LOAD)
#undef LUAMIG_LOAD
  return out;
}

}  // namespace luamig::db
