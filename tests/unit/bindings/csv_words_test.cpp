#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

TEST_CASE("csv: lines are strict rows of texts") {
  workshop w;
  w.add("seed/a.csv", "id,Full name,note\r\n1,\"Ada, L.\",\r\n\r\n2,Öre,x\r\n");
  w.upgrade(
      "for line in csv.rows('seed/a.csv') do "
      "print(line.id, line['Full name'], line[3] == '', json.encode(line)) end");
  CHECK(w.output.lines ==
        std::vector<std::string>{
            "1\tAda, L.\ttrue\t{\"id\":\"1\",\"Full name\":\"Ada, L.\",\"note\":\"\"}",
            "2\tÖre\tfalse\t{\"id\":\"2\",\"Full name\":\"Öre\",\"note\":\"x\"}"});
  CHECK(w.print("text.lower(line, 'Full name'), line().id",
                "local line = csv.rows('seed/a.csv')() ") == "ada, l.\t1");
  CHECK(w.failure("for line in csv.rows('seed/a.csv') do print(line.nam) end").message ==
        "no column 'nam'");
  CHECK(
      w.failure("csv.rows('seed/a.csv')().id = 5").message.starts_with("a row cannot be changed"));
}

TEST_CASE("csv: options name the delimiter and the columns") {
  workshop w;
  w.add("a.csv", "1;2\n3;4\n");
  CHECK(w.print("a.x, a.y, b.x, (rows())",
                "local rows = csv.rows('a.csv', { delimiter = ';', columns = { 'x', 'y' } }) "
                "local a, b = rows(), rows() ") == "1\t2\t3\tnil");
  w.add("one.csv", "only\nx\n\ny\n");
  CHECK(w.print("a.only, b.only == '', rows().only",
                "local rows = csv.rows('one.csv') local a, b = rows(), rows() ") == "x\ttrue\ty");
}

TEST_CASE("csv: a file lies beneath the migrations directory, without a link on the way") {
  workshop w;
  w.add("seed/a.csv", "id\n1\n");
  std::filesystem::create_symlink(w.root / "seed", w.root / "link");
  std::filesystem::create_symlink("/etc/passwd", w.root / "seed/passwd.csv");
  for (const char* path :
       {"../a.csv", "seed/../seed/a.csv", "/etc/passwd", "", ".", "seed//a.csv", "./seed/a.csv",
        "link/a.csv", "seed/passwd.csv", "nosuch.csv", "seed/a.csv/", "seed/a.csv\\0x"}) {
    const error e = w.failure("csv.rows('" + std::string(path) + "')");
    CHECK_MESSAGE(e.message.ends_with("is no file of the migrations directory"), path, e.message);
    CHECK(e.line == 1);
  }
  CHECK(w.failure("csv.rows('seed')").message.starts_with("cannot read "));
}

TEST_CASE("csv: files of loops that were left do not stay open") {
  workshop w;
  w.add("a.csv", "id\n1\n");
  CHECK(w.print("n",
                "local n = 0 for i = 1, 3000 do for line in csv.rows('a.csv') do "
                "n = n + line.id break end end ") == "3000");
}

TEST_CASE("csv: a wrong line is named, at the migration's line") {
  workshop w;
  w.add("short.csv", "a,b\n1,2\n3\n");
  w.add("empty.csv", "");
  w.add("twice.csv", "a,a\n");
  w.add("nameless.csv", "a,,c\n");
  const auto fails = [&w](const std::string& call) {
    const error e = w.failure(call);
    CHECK(e.line == 1);
    CHECK(e.file == "versions/x.lua");
    return e.message;
  };
  CHECK(fails("for _ in csv.rows('short.csv') do end") ==
        "short.csv:3: the line has 1 field, not 2");
  CHECK(fails("csv.rows('empty.csv')") == "empty.csv:1: the file is empty");
  CHECK(fails("csv.rows('twice.csv')") == "twice.csv:1: the header names 'a' twice");
  CHECK(fails("csv.rows('nameless.csv')") == "nameless.csv:1: column 2 of the header has no name");
  CHECK(fails("csv.rows('short.csv', { delimeter = ';' })") ==
        "csv.rows has no option 'delimeter' (did you mean 'delimiter'?)");
  CHECK(fails("csv.rows('short.csv', { delimiter = '::' })") ==
        "csv.rows: the delimiter is not one character");
  CHECK(fails("csv.rows('short.csv', { columns = { 'a', 'a' } })") ==
        "csv.rows: 'columns' is a list of names, each of them once");
  CHECK(fails("csv.rows('short.csv', { columns = {} })") == "csv.rows: 'columns' names no column");
  CHECK(fails("csv.rows('short.csv', ';')") == "csv.rows: the options are a string, not a table");
  CHECK(fails("csv.rows()") == "csv.rows: the path is nil");
}
