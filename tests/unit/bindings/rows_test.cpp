#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

namespace {
const std::string three =
    "db:execute([[CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, name TEXT, ok BOOLEAN);"
    " DELETE FROM t; INSERT INTO t VALUES (1, 'a', 1), (2, NULL, 0), (3, 'c', NULL)]]) ";
}

TEST_CASE("rows: columns by name and by position, in query order") {
  workshop w;
  CHECK(w.print("r.id, r.name, r[1], r[2]",
                three + "local r = db:one('SELECT * FROM t WHERE id = 1')") == "1\ta\t1\ta");
  CHECK(w.print("table.concat(s, ' ')",
                three +
                    "local s = {} for k, v in pairs(db:one('SELECT name, id FROM t WHERE id = 2'))"
                    " do s[#s + 1] = k .. '=' .. tostring(v) end") == "name=null id=2");
  CHECK(
      w.print(
          "r.name, r[2], p.name, p.id",
          three + "local r = db:one('SELECT * FROM t WHERE id = 2') local p = r() p.name = 'n'") ==
      "nil\tnil\tn\t2");
}

TEST_CASE("rows: a row is strict and read-only") {
  workshop w;
  const std::string one = three + "local r = db:one('SELECT id, name FROM t WHERE id = 1') ";
  CHECK(w.failure(one + "return r.naem").message == "no column 'naem' (did you mean 'name'?)");
  CHECK(w.failure(one + "return r[0]").message == "columns count from 1: row[1] is the first");
  CHECK(w.failure(one + "return r[3]").message == "no column 3: the row has 2");
  CHECK(w.failure(one + "r.name = 'x'").message == "a row cannot be changed: row.name = …");
  CHECK(w.failure("local r = db:one('SELECT 1 AS a, 2 AS a') return r.a").message ==
        "two columns are named 'a'");
}

TEST_CASE("rows: a row serves as parameters") {
  workshop w;
  CHECK(w.print("n", three + "local r = db:one('SELECT 9 AS new, id FROM t WHERE id = 2')"
                             " local n = db:execute('UPDATE t SET id = :new WHERE id = :id', r)") ==
        "1");
}

TEST_CASE("rows: values counts from one and ends at the last row") {
  workshop w;
  CHECK(w.print("table.concat(s, ' ')",
                three + "local s = {} for n, name, id in db:values('SELECT name, id FROM t') do "
                        "s[#s + 1] = n .. tostring(name) .. id end") == "1a1 2nil2 3c3");
}

TEST_CASE("rows: a loop may write what it reads, and break leaves nothing open") {
  workshop w;
  CHECK(w.print("visits", three + "local visits = 0 for r in db:rows('SELECT id FROM t') do "
                                  "visits = visits + 1 db:execute('UPDATE t SET id = id + 10 WHERE "
                                  "id = :id', r) end") == "3");
  CHECK(w.print("1", three + "for r in db:rows('SELECT id FROM t') do break end "
                             "db:execute('DROP TABLE t')") == "1");
}

TEST_CASE("db: one, scalar, all, map and groups say what they found") {
  workshop w;
  CHECK(w.print("db:one('SELECT 1 WHERE 0'), db:scalar('SELECT 1 WHERE 0')") == "nil\tnil");
  CHECK(w.failure(three + "db:one('SELECT * FROM t')").message == "db:one found two rows");
  CHECK(w.print("#a, a[2].id, a[2].name", three + "local a = db:all('SELECT * FROM t')") ==
        "3\t2\tnil");
  CHECK(w.print("m[1], m[3]", three + "local m = db:map('SELECT id, name FROM t')") == "a\tc");
  CHECK(w.failure(three + "db:map('SELECT name, id FROM t')").message ==
        "db:map has a NULL key in 'name'");
  CHECK(w.failure("db:map('SELECT 1 AS k, 2 UNION ALL SELECT 1, 3')").message ==
        "db:map has the key 1 twice in 'k'");
  const std::string pairs = "SELECT 1 AS k, 1 AS v UNION ALL SELECT 2, 2 UNION ALL SELECT 2, 3";
  CHECK(w.print("table.concat(s, ' ')", "local s = {} for k, rows in db:groups('" + pairs +
                                            "', 'k') do s[#s + 1] = k .. ':' .. #rows end") ==
        "1:1 2:2");
  CHECK(w.failure("for _ in db:groups('" + pairs + " UNION ALL SELECT 1, 4', 'k') do end").hint ==
        "add ORDER BY k");
}

TEST_CASE("db: booleans are declared columns or asked for") {
  workshop w;
  CHECK(w.print("r.ok, r.name", three + "local r = db:one('SELECT * FROM t WHERE id = 1')") ==
        "true\ta");
  CHECK(w.print("db:one('SELECT 1 AS b', nil, { types = { b = 'boolean' } }).b") == "true");
  CHECK(w.failure("db:one('SELECT 1 AS b', nil, { types = { c = 'boolean' } })").message ==
        "opts.types names 'c', which the query does not return");
}

TEST_CASE("db: slips and habits are answered") {
  workshop w;
  CHECK(w.failure("db.execute('SELECT 1')").message == "db.execute(…) is called by colon");
  CHECK(w.failure("db:exeucte('SELECT 1')").message ==
        "db has no 'exeucte' (did you mean 'execute'?)");
  CHECK(w.failure("db:execute('SELECT 1').fetchall()").hint == "use db:all(query) for the rows");
  CHECK(w.failure("db.x = 1").message == "db is read-only: db.x = …");
  CHECK(w.failure("db:execute(5)").message == "db:execute takes a text or a query, not a number");
  CHECK(w.print("db.dialect, db:ident('a\"b'), db:quote(\"it's\")") ==
        "sqlite\t\"a\"\"b\"\t'it''s'");
  CHECK(w.print("db:execute({ sqlite = 'SELECT 1', postgresql = 'x' })") == "0");
}

TEST_CASE("savepoints: what a failed pcall did is undone") {
  workshop w;
  const std::string broken = "db:execute(\"INSERT INTO t VALUES (9, 'n', 1)\") error('no')";
  CHECK(w.print("ok, err, db:scalar('SELECT count(*) FROM t')",
                three + "local ok, err = pcall(function() " + broken + " end)") ==
        "false\tversions/x.lua:1: no\t3");
  CHECK(w.print("ok, err.message, err.line, db:scalar('SELECT count(*) FROM t')",
                three + "local ok, err = db:try(function() " + broken + " end)") ==
        "false\tno\t1\t3");
  CHECK(w.print("ok, db:scalar('SELECT count(*) FROM t')",
                three + "local ok = pcall(db.transaction, db, function() " + broken + " end)") ==
        "false\t3");
  CHECK(w.print("db:transaction(function() db:execute('DELETE FROM t WHERE id = 1') return 'a', "
                "nil, 3 end)",
                three) == "a\tnil\t3");
  CHECK(w.print("xpcall(function(a) error(a) end, function(e) return 'handled ' .. e end, 'x')") ==
        "false\thandled versions/x.lua:1: x");
}

TEST_CASE("savepoints: an error of the database has fields") {
  workshop w;
  CHECK(w.print("ok, err.kind, err.code, err.line, type(err)",
                three + "local ok, err = db:try(function() db:execute(\"INSERT INTO t VALUES (1, "
                        "'', 1)\") end)") == "false\tunique\tsql\t1\tuserdata");
}

TEST_CASE("rows: options of a query are checked") {
  workshop w;
  CHECK(w.failure("db:rows('SELECT 1', nil, 5)").message ==
        "the options of a query are a number, not a table");
  CHECK(w.failure("db:all('SELECT 1', nil, { typs = {} })").message ==
        "a query has one option, 'types'");
  CHECK(w.failure("db:all('SELECT 1', nil, { types = 5 })").message ==
        "opts.types is not { column = \"boolean\" }");
  CHECK(w.failure("db:all('SELECT 1 AS a', nil, { types = { a = {} } })").message ==
        "opts.types is not { column = \"boolean\" }");
}

TEST_CASE("rows: habits of other tools are answered where they stand") {
  workshop w;
  CHECK(w.failure("db:execute('SELECT 1').fetchmany(2)").hint ==
        "for row in db:rows(query) do … end");
  const error loop = w.failure("db:rows('SELECT 1').fetchall()");
  CHECK(loop.message == "db:rows and db:values return a loop, which has no 'fetchall'");
  CHECK(loop.hint == "use db:all(query) for the rows");
  CHECK(w.failure("return print.x").message == "a function has no 'x'");
  CHECK(w.failure("db:one('SELECT 1 AS a').scalar()").hint == "use db:scalar(query) for a value");
  CHECK(w.failure("return db.rowcount").hint ==
        "db:execute(text) returns the number of rows affected");
}

TEST_CASE("db: what a query of sql.table gives away is read back unharmed") {
  workshop w;
  const std::string table = "local t = sql.table('t', { 'v' }) ";
  const auto kept = [&](const std::string& value, const std::string& read) {
    return w.print("db:scalar(t:select()) == " + read + ", db:scalar('SELECT typeof(v) FROM t')",
                   table +
                       "db:execute('DROP TABLE IF EXISTS t') db:execute('CREATE TABLE t (v)')"
                       " db:execute(t:insert():values({ v = " +
                       value + " }))");
  };
  CHECK(kept(R"('it\'s \\ \0 \\0 $1 :x ?')", R"('it\'s \\ \0 \\0 $1 :x ?')") == "true\ttext");
  CHECK(kept(R"('日本 🙂\r\n')", R"('日本 🙂\r\n')") == "true\ttext");
  CHECK(kept(R"(exact('9007199254740993'))", R"(exact('9007199254740993'))") == "true\tinteger");
  CHECK(kept(R"(blob('\0\255'))", R"('\0\255')") == "true\tblob");
  CHECK(kept("1e300", "1e300") == "true\treal");
  CHECK(kept("('x'):rep(2000000)", "('x'):rep(2000000)") == "true\ttext");
}

TEST_CASE("db: a query's text may not take the values of another piece") {
  workshop w;
  const std::string table = "local t = sql.table('t', { 'v' }) db:execute('CREATE TABLE t (v)') ";
  CHECK(w.failure(table + "db:execute(t:update():set({ v = 1 }):where('v = ?'))").message ==
        "the text asks for ?, and no values were given with it");
  CHECK(w.failure(table + "db:all(t:select(), { 1 })").message ==
        "db:all: a query of sql.table has its values already");
}

TEST_CASE("bindings: operations on many rows tell how far they have come, and when they end") {
  workshop w;
  w.upgrade(
      "op.create_table('t', { sql.column('a', sql.integer, { primary_key = true }),"
      " sql.column('b', sql.integer) })"
      " local rows = {} for i = 1, 250 do rows[i] = { a = i, b = i } end"
      " op.bulk_insert('t', rows)");
  REQUIRE(w.output.worked.size() >= 2);
  CHECK(w.output.worked.front().starts_with("bulk insert into t "));
  CHECK(w.output.worked[w.output.worked.size() - 2] == "bulk insert into t 250/250");
  CHECK(w.output.worked.back() == " 0");
  for (const std::string work : {"op.backfill('t', { read = { 'b' }, write = { 'b' } }, "
                                 "function(t) return { b = t.b + 1 } end)",
                                 "op.backfill('t', { read = { 'b' } }, function(t) if t.a == 7 "
                                 "then return 'delete' end end)",
                                 "op.each_batch('t', { batch = 100 }, function() end)"}) {
    w.output.worked.clear();
    w.upgrade(work);
    REQUIRE(w.output.worked.size() >= 2);
    CHECK(w.output.worked[w.output.worked.size() - 2].find(" t 2") != std::string::npos);
    CHECK(w.output.worked.back() == " 0");
  }
}
