#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

TEST_CASE("crypto: words take a text, some a row and its column") {
  workshop w;
  const std::string row = "local r = db:one(\"SELECT 'abc' AS a, NULL AS no\") ";
  CHECK(w.print("crypto.sha256('abc')") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(w.print("crypto.sha256(r, 'a') == crypto.sha256('abc'), crypto.sha256(r, 'no')", row) ==
        "true\tnil");
  CHECK(w.print("crypto.hex(r, 'a'), crypto.unhex('616263'), crypto.base64('abc'), "
                "crypto.unbase64('YWJj')",
                row) == "616263\tabc\tYWJj\tabc");
  CHECK(w.print("crypto.hmac('Jefe', 'what do ya want for nothing?'):sub(1, 16)") ==
        "5bdcc146bf60754e");
  CHECK(w.print("crypto.open(key, crypto.seal(key, 'a\\0b')) == 'a\\0b', #crypto.random(16)",
                "local key = ('0f'):rep(32) ") == "true\t16");
  CHECK(w.print("crypto.password('x'):match('^%$argon2id%$') ~= nil") == "true");
}

TEST_CASE("crypto: a wrong call is an error at its line") {
  workshop w;
  const auto fails = [&w](const std::string& call) {
    const error e = w.failure(call);
    CHECK(e.line == 1);
    return e.message;
  };
  CHECK(fails("crypto.seal('hunter2', 'x')") ==
        "crypto.seal: the key is not 32 bytes in hexadecimal digits or base64");
  CHECK(fails("crypto.open(('0f'):rep(32), 'x')") ==
        "crypto.open: the text is not base64 throughout");
  CHECK(fails("crypto.open(('0f'):rep(32), crypto.seal(('0e'):rep(32), 'x'))") ==
        "crypto.open: the text was not sealed with this key, or has changed since");
  CHECK(fails("crypto.unhex('xy')") == "crypto.unhex: the text is not hexadecimal throughout");
  CHECK(fails("crypto.hmac('k')") == "crypto.hmac: the text is nil");
  CHECK(fails("crypto.sha256(7)") == "crypto.sha256: the text is a number, not a text");
  CHECK(fails("crypto.random(1e9)").starts_with("crypto.random: the number of bytes"));
  CHECK(fails("crypto.password(nil)") == "crypto.password: the password is nil");
  CHECK(fails("crypto.md5('x')") == "unknown name 'crypto.md5'");
}

TEST_CASE("uuid: random, or rising from the start of the step") {
  workshop w;
  CHECK(w.print("#uuid(), uuid():sub(15, 15), uuid.v4() ~= uuid.v4(), uuid.v7():sub(1, 15)") ==
        "36\t4\ttrue\t018bcfe5-6800-7");
  CHECK(w.print("a < b", "local a, b = uuid.v7(), uuid.v7() ") == "true");
  CHECK(w.failure("uuid.v1()").message == "unknown name 'uuid.v1' (did you mean 'v4'?)");
}
