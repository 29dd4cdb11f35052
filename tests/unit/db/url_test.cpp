#include "db/url.hpp"
#include "db/mask.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace luamig;
using namespace luamig::db;

namespace {

error refused(std::string_view text) {
  try {
    (void)parse_url(text, "/srv");
  } catch (const error& e) {
    return e;
  }
  FAIL("accepted: ", std::string(text));
  return error{errc::usage, ""};
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("url: three slashes are relative to the directory, four are absolute") {
  CHECK(parse_url("sqlite:///app.db", "/srv/x").file == "/srv/x/app.db");
  CHECK(parse_url("sqlite:///./a/../app.db", "/srv/x").file == "/srv/x/app.db");
  CHECK(parse_url("sqlite:////var/app.db", "/srv/x").file == "/var/app.db");
  CHECK(parse_url("sqlite:///a%20b%25.db", "/srv").file == "/srv/a b%.db");
}

TEST_CASE("url: sqlite without a file is in memory") {
  for (const char* text : {"sqlite://", "sqlite:///:memory:", " sqlite:// "}) {
    CHECK(parse_url(text, "/srv").file.empty());
    CHECK(parse_url(text, "/srv").kind == engine::sqlite);
  }
}

TEST_CASE("url: the driver part is left out of what libpq gets") {
  const url u = parse_url("postgresql+psycopg2://app:pw@db:5432/shop?sslmode=require", "/srv");
  CHECK(u.kind == engine::postgresql);
  CHECK(u.conninfo == "postgresql://app:pw@db:5432/shop?sslmode=require");
  CHECK(u.database == "shop");
  CHECK(u.shown == "postgresql+psycopg2://app:***@db:5432/shop?sslmode=require");
  CHECK(parse_url("postgres://h/a%2Fb", "/").database == "a/b");
  CHECK(parse_url("postgres://h/a?dbname=b", "/").database == "b");
  CHECK(parse_url("postgres://", "/").database.empty());
}

TEST_CASE("url: what is wrong is named together with the accepted forms") {
  CHECK(has(refused("postgresq://h/d").message, "did you mean 'postgresql'?"));
  CHECK(has(refused("sqlite3:///a").message, "did you mean 'sqlite'?"));
  CHECK(has(refused("mysql://h/d").message, "unknown scheme 'mysql'"));
  CHECK(has(refused("app.db").message, "no 'scheme://'"));
  CHECK(has(refused("sqlite:///").hint, "sqlite:// for a database in memory"));
  CHECK(has(refused(std::string_view("sqlite:///a\0.db", 15)).message, "NUL"));
  CHECK(has(refused(std::string_view("postgresql://h/a\0b", 18)).message, "NUL"));
  CHECK(has(refused("postgresql://h:port/d").message, "port"));
  for (const char* bad : {"postgresql://h:99999/d", "postgresql://u:p@h:0/d",
                          "postgresql://[::1]:65536", "postgresql://a:1,b:70000/d",
                          "postgresql:///d?port=99999999999", "postgresql:///d?port=5432,0"}) {
    CAPTURE(bad);
    CHECK(has(refused(bad).message, "a port that is not between 1 and 65535"));
  }
  CHECK(has(refused("postgresql://h/d?sslmode=bogus").message, "an sslmode that is none of"));
  CHECK(has(refused("").message, "empty"));
  CHECK(has(refused("postgresql://h/%zz").message, "'%'"));
  CHECK(has(refused("sqlite:///a%2").message, "'%'"));
  CHECK(has(refused("sqlite:///a?mode=ro").message, "'?'"));
  CHECK(has(refused("sqlite://app.db").message, "sqlite:///app.db"));
  CHECK(has(refused("mysql://h/d").hint, "sqlite:////absolute.db"));
  CHECK(refused("mysql://h/d").code == errc::config);
}

TEST_CASE("url: no error shows a password") {
  for (const char* text :
       {"mysql://u:s3cret@h/d", "postgresql://u:s3cret@h/%zz", "postgresql://u:s3c%ret@h/d",
        "sqlite://u:s3cret@h/d", "app:s3cret", "s3cret", "postgresql//app:s3cret@h/d",
        "postgresql://app:s3cret", "postgresql://app:s3cret/d", "postgresql://u@h:s3cret/d?x=y",
        "a s3cret://h/d", "mysql://h/d?pass%77ord=s3cret", "mysql://h/d?%70assword=s3cret&a=b"}) {
    CHECK_FALSE(has(refused(text).message, "s3cret"));
    CHECK_FALSE(has(refused(text).message, "s3c%ret"));
  }
}

TEST_CASE("mask: what was hidden becomes stars wherever it stands") {
  db::hide("it's grains-of-pepper");
  db::hide("");
  CHECK(mask("a it's grains-of-pepper, it''s grains-of-pepper b") == "a ***, *** b");
  CHECK(db::mask_url("sqlite:///it's grains-of-pepper") == "sqlite:///***");
  CHECK(mask("grains-of-pepper") == "grains-of-pepper");
}

TEST_CASE("mask: every password in a text becomes stars") {
  CHECK(mask("see postgresql://u:pw@h/d and postgres://v:q@h") ==
        "see postgresql://u:***@h/d and postgres://v:***@h");
  CHECK(mask("postgresql://u:p@ss/wo?rd@h/d") == "postgresql://u:***@h/d");
  CHECK(mask("postgresql://h:5432/d?user=u&password=pw&sslmode=x") ==
        "postgresql://h:5432/d?user=u&password=***&sslmode=x");
  CHECK(mask("host=h password=pw dbname=d") == "host=h password=*** dbname=d");
  CHECK(mask("password = 'a b\\'c' user=u") == "password = *** user=u");
  CHECK(mask("PASSWORD=x sslpassword=y") == "PASSWORD=*** sslpassword=***");
  CHECK(mask("postgresql://u@h:5432/d") == "postgresql://u@h:5432/d");
  CHECK(mask("no password here") == "no password here");
}

TEST_CASE("url: a sign that libpq would end a password at is refused, and nothing of it is shown") {
  for (const char* text :
       {"postgresql://app:s3@cret@h/x", "postgresql://app:s3/cret@h/x",
        "postgresql://app:5432/cret@h/x", "postgresql://app:s3?cret=1@h/x",
        "postgresql://a@b:cret@h/x?sslmode=require", "postgresql://app:s3@cr/cret@h/x"}) {
    const error e = refused(text);
    CHECK(e.code == errc::config);
    CHECK(has(e.hint, "%40"));
    CHECK_FALSE(has(e.message, "cret"));
  }
  CHECK(parse_url("postgresql://app@h:5432/x?application_name=a@b", "/").database == "x");
  CHECK(parse_url("postgresql://h:5432/x?application_name=a@b", "/").database == "x");
  CHECK(parse_url("postgresql://[::1]:5432/x?application_name=a@b", "/").database == "x");
}

TEST_CASE("url: a text meant as a URL is masked to its last '@', and blanks end no password") {
  CHECK(mask_url("postgresql://app:s3 cr@et@h/x") == "postgresql://app:***@h/x");
  CHECK(mask_url("postgresql://h/x?password=s3 cret&user=u") ==
        "postgresql://h/x?password=***&user=u");
  CHECK(mask_url(" sqlite:///a b.db") == " sqlite:///a b.db");
  CHECK(mask_url("postgresql://h1:5432,[::1]:5433/x") == "postgresql://h1:5432,[::1]:5433/x");
}

TEST_CASE("url: what has no scheme is hidden whole") {
  for (const char* text : {"app:s3cret@h/x", "postgresql:/app:s3cret@h/x", "s3cret", "a b://c",
                           "host=h password=s3cret"}) {
    CHECK(mask_url(text) == "***");
  }
  CHECK(mask_url("").empty());
}

TEST_CASE("mask: a key is what libpq takes it for, percent signs and all") {
  CHECK(mask("postgresql://h/d?pass%77ord=pw&sslmode=x") ==
        "postgresql://h/d?pass%77ord=***&sslmode=x");
  CHECK(mask("postgresql://h/d?%70%61ssword=pw") == "postgresql://h/d?%70%61ssword=***");
  CHECK(mask("postgresql://h/d?a=b%") == "postgresql://h/d?a=b%");
}
