#include "engine/plain_path.hpp"

#include <array>
#include <string>

namespace luamig::engine {

void take_plain_path(db::connection& on, std::string_view path) {
  on.enqueue(
      "SELECT pg_catalog.set_config('luamig.search_path', "
      "pg_catalog.current_setting('search_path'), true), pg_catalog.set_config('luamig.quoting', "
      "pg_catalog.current_setting('quote_all_identifiers'), true), "
      "pg_catalog.set_config('search_path', $1, true), "
      "pg_catalog.set_config('quote_all_identifiers', 'off', true)",
      std::array{value(std::string(path))});
}

void put_path_back(db::connection& on) {
  // Outside a transaction nothing was kept, and nothing is to be put back.
  on.enqueue(
      "SELECT CASE WHEN kept.quoting <> '' THEN pg_catalog.set_config('search_path', "
      "pg_catalog.current_setting('luamig.search_path', true), true) END, "
      "CASE WHEN kept.quoting <> '' THEN pg_catalog.set_config('quote_all_identifiers', "
      "kept.quoting, true) END "
      "FROM (SELECT pg_catalog.current_setting('luamig.quoting', true) AS quoting) AS kept");
}

}  // namespace luamig::engine
