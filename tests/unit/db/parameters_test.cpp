#include "db/parameters.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "base/error.hpp"
#include "db/connection.hpp"
#include "db/rows.hpp"

using namespace luamig;
using namespace luamig::db;

namespace {

// Bound by a memory that has bound the same text before, also for other values and names.
void check_same(bound_texts& known, std::string_view sql, const parameters& given) {
  for (const engine kind : {engine::sqlite, engine::postgresql, engine::sqlite}) {
    const bound_statement fresh = bind(sql, kind, given);
    const bound_statement again = known.bind(sql, kind, given);
    CHECK(again.sql == fresh.sql);
    CHECK((again.values == fresh.values));
  }
}

parameters named(std::initializer_list<std::pair<std::string, std::int64_t>> list) {
  parameters out;
  out.given = true;
  for (const auto& [name, number] : list) out.named[name].single = value{number};
  return out;
}

parameters with_list(std::vector<value> list) {
  parameters out;
  out.given = true;
  out.named["ids"].list = std::move(list);
  out.named["ids"].is_list = true;
  return out;
}

parameters positional(std::vector<value> values) {
  parameters out;
  out.given = true;
  out.positional = std::move(values);
  return out;
}

std::string refusal(std::string_view sql, engine kind, const parameters& given) {
  try {
    (void)bind(sql, kind, given);
  } catch (const error& e) {
    CHECK(e.code == errc::migration);
    return e.message;
  }
  return "";
}

const value one{std::int64_t{1}};
const value two{std::int64_t{2}};

}  // namespace

TEST_CASE("bind: a name becomes the engine's numbered place, the same name the same place") {
  const parameters p = named({{"a", 1}, {"b", 2}});
  const bound_statement pg = bind("SELECT :b, :a, :b", engine::postgresql, p);
  CHECK(pg.sql == "SELECT $1, $2, $1");
  CHECK(pg.values == std::vector<value>{two, one});
  CHECK(bind("SELECT :b, :a, :b", engine::sqlite, p).sql == "SELECT ?, ?, ?1");
}

TEST_CASE("bind: quotes, comments, casts and slices are left alone") {
  const parameters p = named({{"a", 1}});
  for (const char* sql :
       {"SELECT ':a'", "SELECT \":a\"", "SELECT 1 -- :a", "SELECT 1 /* /* :a */ :a */",
        "SELECT $$ :a $$", "SELECT $x$ :a $$ :a $x$", "SELECT E'\\' :a'", "SELECT x::a",
        "SELECT xs[1:a]", "SELECT xs[n:a]", "SELECT xs[:n]", "SELECT f(p := 1)"}) {
    CAPTURE(sql);
    const std::string text = sql;
    CHECK(db::bind("SELECT :a; " + text, engine::postgresql, p).sql == "SELECT $1; " + text);
  }
  for (const char* sql :
       {"SELECT [:a]", "SELECT `:a`", "SELECT 1 /* :a /* */", "SELECT ':a'':a'"}) {
    CAPTURE(sql);
    const std::string text = sql;
    CHECK(db::bind("SELECT :a; " + text, engine::sqlite, p).sql == "SELECT ?; " + text);
  }
  CHECK(bind("SELECT ARRAY[:a], ARRAY[1, :a], :a::int", engine::postgresql, p).sql ==
        "SELECT ARRAY[$1], ARRAY[1, $1], $1::int");
}

TEST_CASE("bind: without parameters nothing is replaced") {
  CHECK(bind("SELECT :a, $1", engine::postgresql, {}).sql == "SELECT :a, $1");
}

TEST_CASE("bind: a name that was not given is an error with a suggestion") {
  CHECK(refusal("SELECT :nam", engine::sqlite, named({{"name", 1}})) ==
        "no value was given for ':nam' (did you mean 'name'?)");
  try {
    (void)bind("SELECT :nam", engine::sqlite, named({}));
  } catch (const error& e) {
    CHECK(e.hint == "if it was nil: a nil vanishes from a Lua table, so write null for NULL");
  }
}

TEST_CASE("bind: positions count from 1 and each is used") {
  CHECK(bind("SELECT $2, $1", engine::sqlite, positional({one, two})).sql == "SELECT ?, ?");
  CHECK(bind("SELECT $2, $1", engine::sqlite, positional({one, two})).values ==
        std::vector<value>{two, one});
  CHECK(refusal("SELECT $3, $1, $2", engine::postgresql, positional({one, two})) ==
        "the statement asks for $3, but 2 values were given");
  CHECK(refusal("SELECT $1", engine::postgresql, positional({one, two})) ==
        "parameter 2 of 2 is not used: the statement has no $2");
  CHECK(refusal("SELECT ?", engine::sqlite, positional({one})) != "");
}

TEST_CASE("bind: a list spreads inside parentheses only") {
  CHECK(bind("id IN (:ids)", engine::postgresql, with_list({one, two})).sql == "id IN ($1, $2)");
  CHECK(bind("id IN (7, :ids)", engine::sqlite, with_list({one, two})).sql == "id IN (7, ?, ?)");
  CHECK(refusal("id = :ids", engine::sqlite, with_list({one})) ==
        "':ids' is a list and stands alone");
}

TEST_CASE("bind: on SQLite a value's number is the place where it is first met") {
  parameters p = with_list({one, two});
  p.named["a"] = {two, {}, false};
  const bound_statement made = bind(":a IN (:ids) OR :a = 1", engine::sqlite, p);
  CHECK(made.sql == "? IN (?, ?) OR ?1 = 1");
  CHECK(made.values == std::vector<value>{two, one, two});
  CHECK(inline_values(made, engine::sqlite) == "2 IN (1, 2) OR 2 = 1");
  const auto on = open_database(parse_url("sqlite://", "/"), {});
  CHECK(scalar(*on, "SELECT " + made.sql, made.values) == value{std::int64_t{1}});
}

TEST_CASE("bind: an empty list matches nothing, and all when negated") {
  CHECK(bind("id IN (:ids)", engine::sqlite, with_list({})).sql == "id IN (SELECT 1 WHERE 0)");
  CHECK(bind("id IN (:ids)", engine::postgresql, with_list({})).sql == "id = ANY ('{}')");
  CHECK(bind("id not  in ( :ids )", engine::postgresql, with_list({})).sql == "id <> ALL ('{}' )");
  CHECK(refusal("id IN (1, :ids)", engine::sqlite, with_list({})) == "':ids' is an empty list");
}

TEST_CASE("literal: what a value is survives in the text") {
  CHECK(literal(value{null_value{}}, engine::sqlite) == "NULL");
  CHECK(literal(value{true}, engine::sqlite) == "1");
  CHECK(literal(value{true}, engine::postgresql) == "TRUE");
  CHECK(literal(value{std::int64_t{-3}}, engine::postgresql) == "(-3)");
  CHECK(literal(value{1.0}, engine::sqlite) == "1.0");
  CHECK(literal(value{0.1}, engine::postgresql) == "'0.1'::float8");
  CHECK(literal(value{std::string("it's")}, engine::sqlite) == "'it''s'");
  CHECK(literal(value{std::string("a\\'b")}, engine::postgresql) == " E'a\\\\''b'");
  CHECK(literal(value{std::string("a\0b", 3)}, engine::sqlite) == "CAST(x'610062' AS TEXT)");
  CHECK(literal(value{std::string("a\r\n")}, engine::sqlite) == "CAST(x'610d0a' AS TEXT)");
  CHECK(literal(value{std::string("a\r\n")}, engine::postgresql) == " E'a\\r\n'");
  CHECK(literal(value{blob{std::string("\0\xff", 2)}}, engine::sqlite) == "x'00ff'");
  CHECK(literal(value{blob{"\xff"}}, engine::postgresql) == "decode('ff', 'hex')");
  CHECK(literal(value{decimal{"NaN"}}, engine::postgresql) == "'NaN'::numeric");
  CHECK(literal(value{decimal{"7.00"}}, engine::sqlite) == "7");
}

TEST_CASE("literal: what has no literal is an error") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS((void)literal(value{nan}, engine::sqlite), error);
  CHECK_THROWS_AS((void)literal(value{std::string("a\0b", 3)}, engine::postgresql), error);
  CHECK_THROWS_AS((void)literal(value{decimal{"1); DROP"}}, engine::postgresql), error);
  CHECK_THROWS_AS((void)literal(value{decimal{"0.12345678901234567890"}}, engine::sqlite), error);
  CHECK_THROWS_AS((void)literal(value{array{}}, engine::sqlite), error);
}

TEST_CASE("inline_values: a negative number makes no comment") {
  const bound_statement s{"SELECT 1-$1, '$1'", {value{std::int64_t{-3}}}};
  CHECK(inline_values(s, engine::postgresql) == "SELECT 1-(-3), '$1'");
}

TEST_CASE("arrays: text and values go round") {
  const array a{{value{std::string("a\"\\,{}")}, value{null_value{}}, value{std::string("NULL")}}};
  CHECK(parse_array(format_array(a), cell_kind::text) == a);
  const array numbers{{one, value{null_value{}}}};
  CHECK(parse_array("{1,NULL}", cell_kind::integer) == numbers);
  CHECK(parse_array("{}", cell_kind::integer) == array{});
  CHECK(parse_array("{\"\\\\x00ff\"}", cell_kind::blob) ==
        array{{value{blob{std::string("\0\xff", 2)}}}});
  CHECK(parse_array("{t,f}", cell_kind::boolean) == array{{value{true}, value{false}}});
  const array rows{{value{array{{value{std::int64_t{1}}, value{null_value{}}}}},
                    value{array{{value{std::int64_t{2}}, value{std::int64_t{3}}}}}}};
  CHECK(parse_array("{{1,NULL},{2,3}}", cell_kind::integer) == rows);
  CHECK(format_array(rows) == "{{1,NULL},{2,3}}");
  CHECK_THROWS_AS((void)format_array(array{{value{array{}}}}), error);
  for (const char* const broken : {"", "{", "{1", "{1}2", "1", "{{1}", "{\"1"})
    CHECK_THROWS_AS((void)parse_array(broken, cell_kind::text), error);
  CHECK_THROWS_AS((void)parse_array("[0:1]={1,2}", cell_kind::integer), error);
}

TEST_CASE("append: pieces keep their parameters, and positions go on") {
  for (const engine kind : {engine::sqlite, engine::postgresql}) {
    bound_statement whole;
    append(whole, "UPDATE t SET a = ", kind, {});
    append(whole, "$1", kind, positional({value{std::string("x")}}));
    append(whole, " WHERE id = :id AND b = $q$ :id $q$", kind, named({{"id", 7}}));
    append(whole, " AND :id < ", kind, named({{"id", 8}}));
    append(whole, "$1", kind, positional({value{std::int64_t{9}}}));
    CHECK(whole.sql == (kind == engine::sqlite
                            ? "UPDATE t SET a = ? WHERE id = ? AND b = $q$ ?2 $q$ AND ? < ?"
                            : "UPDATE t SET a = $1 WHERE id = $2 AND b = $q$ :id $q$ AND $3 < $4"));
    CHECK(whole.values.size() == 4);
  }
}

TEST_CASE("append: an empty list in a piece matches nothing") {
  bound_statement whole{"DELETE FROM t WHERE id", {}};
  append(whole, " IN (:ids)", engine::sqlite, with_list({}));
  CHECK(whole.sql == "DELETE FROM t WHERE id IN (SELECT 1 WHERE 0)");
  whole.sql = "DELETE FROM t WHERE not_id";
  append(whole, " IN (:ids)", engine::postgresql, with_list({}));
  CHECK(whole.sql == "DELETE FROM t WHERE not_id = ANY ('{}')");
}

TEST_CASE("append: a text without parameters asks for none of its neighbours'") {
  const auto refused = [](std::string_view sql, engine kind) {
    bound_statement whole;
    try {
      append(whole, sql, kind, {});
    } catch (const error& e) {
      return e.message;
    }
    return std::string{};
  };
  CHECK(refused("id = $1", engine::postgresql) ==
        "the text asks for $1, and no values were given with it");
  CHECK(refused("id = ?", engine::sqlite) ==
        "the text asks for ?, and no values were given with it");
  CHECK(refused("id = :id", engine::sqlite) ==
        "the text asks for :id, and no values were given with it");
  CHECK(refused("data ? 'k' AND a::int[1:2] = '{$1}' -- :x", engine::postgresql).empty());
}

TEST_CASE("bind: a name that the statement does not ask for is refused, but not a row's") {
  parameters p = named({{"id", 1}, {"email", 2}});
  CHECK(refusal("SELECT :id", engine::sqlite, p) ==
        "parameter 'email' is not used: the statement has no :email");
  CHECK(refusal("SELECT :id, ':email'", engine::postgresql, p) ==
        "parameter 'email' is not used: the statement has no :email");
  CHECK(refusal("SELECT :id, :emial", engine::sqlite,
                named({{"id", 1}, {"emial", 2}, {"email", 3}})) ==
        "parameter 'email' is not used: the statement has no :email (did you mean 'emial'?)");
  p.is_row = true;
  CHECK(bind("SELECT :id", engine::sqlite, p).values == std::vector<value>{one});
  CHECK(bind("SELECT 1 IN (:ids)", engine::sqlite, with_list({})).sql ==
        "SELECT 1 IN (SELECT 1 WHERE 0)");
}

TEST_CASE("a text that was bound before is bound the same way") {
  bound_texts known;
  const std::string_view text = "SELECT :b, :a, :b, a[1:n], x[:a]";
  check_same(known, text, named({{"a", 1}, {"b", 2}}));
  check_same(known, text, named({{"a", 3}, {"b", 4}}));
  parameters more = named({{"a", 3}, {"b", 4}, {"n", 5}});
  more.is_row = true;
  check_same(known, text, more);
  CHECK_THROWS_AS(static_cast<void>(known.bind(text, engine::sqlite, named({{"a", 1}}))), error);
  more.is_row = false;
  CHECK_THROWS_AS(static_cast<void>(known.bind(text, engine::postgresql, more)), error);

  const std::string_view in = "SELECT 1 WHERE 1 IN (:ids)";
  check_same(known, in, with_list({value{std::int64_t{1}}, value{std::int64_t{2}}}));
  check_same(known, in, with_list({value{std::int64_t{1}}}));
  check_same(known, in, with_list({}));
  check_same(known, in, named({{"ids", 7}}));
  check_same(known, in, with_list({value{std::int64_t{1}}}));

  parameters places;
  places.given = true;
  places.positional = {value{std::int64_t{1}}, value{std::int64_t{2}}};
  check_same(known, "SELECT $2, $1, $2", places);
  std::swap(places.positional[0], places.positional[1]);
  check_same(known, "SELECT $2, $1, $2", places);
  places.positional.pop_back();
  CHECK_THROWS_AS(static_cast<void>(known.bind("SELECT $2, $1, $2", engine::sqlite, places)),
                  error);
}
