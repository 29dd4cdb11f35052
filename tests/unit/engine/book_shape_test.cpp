#include "engine/book_shape.hpp"

#include <doctest/doctest.h>

using namespace luamig;

namespace {

error said(const std::string& lines, int line = 0) {
  error e(errc::sql,
          "invalid input syntax for type integer: \"luamig: on the books: " + lines + "\" at 8");
  e.line = line;
  return e;
}

}  // namespace

TEST_CASE("book shape: what came and what went is told by its lines") {
  const auto found =
      engine::difference(said("the index x on t\nthe owner a of t\nthe trigger y on t"),
                         "the owner a of t\nthe rule \"z\" on t");
  CHECK(found.added == "the index x on t, the trigger y on t");
  CHECK(found.removed == "the rule \"z\" on t");
}

TEST_CASE("book shape: a line that a script says is none of the host's") {
  CHECK(engine::says_shape_moved(said("x")));
  CHECK(!engine::says_shape_moved(said("x", 12)));
  CHECK(!engine::says_shape_moved(error(errc::sql, "another error")));
}

TEST_CASE("book shape: names are SQL's, and the way is looked at where it is the search_path") {
  const engine::book_sql books(db::engine::postgresql, {"it's", "a b"});
  const engine::book_shape shape(books, false);
  CHECK(shape.sql().find("'\"a b\".\"it''s\"'") != std::string::npos);
  CHECK(shape.sql().find("$version") == std::string::npos);
  CHECK(shape.lines().find("$history") == std::string::npos);
  CHECK(shape.sql().find("search_path") == std::string::npos);
  CHECK(engine::book_shape(books, true).sql().find("search_path") != std::string::npos);
}
