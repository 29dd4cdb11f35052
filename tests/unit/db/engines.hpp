#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "db/connection.hpp"
#include "support/postgres.hpp"

namespace luamig::testing {

/// The error of what is done; fails the test when there is none.
inline error failure_of(const std::function<void()>& doing) {
  try {
    doing();
  } catch (const error& e) {
    return e;
  }
  FAIL("no error");
  return error{errc::usage, ""};
}

/// Does the same on SQLite in memory and on a PostgreSQL database of its own.
inline void on_both(const std::function<void(db::connection&)>& doing,
                    const db::open_options& how = {}) {
  SUBCASE("sqlite") { doing(*db::open_database(db::parse_url("sqlite://", "/"), how)); }
  SUBCASE("postgresql") {
    const auto database = postgres_database::make();
    if (!database) {
      MESSAGE("skipped: LUAMIG_TEST_PG is not set");
      return;
    }
    doing(*database->open(how));
  }
}

inline std::int64_t count(db::connection& on, const std::string& table) {
  return std::get<std::int64_t>(*db::scalar(on, "SELECT count(*) FROM " + table));
}

inline value number(std::int64_t i) { return value{i}; }
inline value text(std::string s) { return value{std::move(s)}; }

}  // namespace luamig::testing
