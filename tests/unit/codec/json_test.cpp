#include "codec/json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

using namespace luamig;

namespace {

template <class Read>
std::string message_of(Read read) {
  try {
    read();
  } catch (const error& e) {
    return e.message;
  }
  return "";
}

// Both ways of reading must find the same; only one of them counts the values.
std::string fault(std::string_view text) {
  codec::json_tokens tokens;
  const std::string scanned = message_of([&] { codec::scan_json(text, tokens); });
  if (scanned.find("has more than") == std::string::npos)
    CHECK(message_of([&] { static_cast<void>(codec::find_json(text, {})); }) == scanned);
  return scanned;
}

std::string found(std::string_view text, std::vector<codec::json_step> path) {
  const codec::json_found f = codec::find_json(text, path);
  if (f.twice.size != 0) return "twice " + std::string(f.twice.of(text));
  return f.is_there ? std::string(f.value.of(text)) : "nothing";
}

std::string number(std::string_view spelled) {
  const auto n = codec::plain_number(spelled);
  if (!n) return "exact";
  std::string out;
  codec::append_json_number(*n, out);
  return out;
}

}  // namespace

TEST_CASE("json: tokens say where each value stands and what comes after it") {
  const std::string_view text = R"( {"a": [1, {"b":null}], "c\n": "x"} )";
  codec::json_tokens t;
  codec::scan_json(text, t);
  REQUIRE(t.size() == 9);
  CHECK(t[0].count == 2);
  CHECK(t[0].next == 9);
  CHECK(t[0].of(text) == R"({"a": [1, {"b":null}], "c\n": "x"})");
  CHECK(t[1].inner(text) == "a");
  CHECK(t[2].of(text) == R"([1, {"b":null}])");
  CHECK(t[2].next == 7);
  CHECK(t[4].of(text) == R"({"b":null})");
  CHECK(!t[7].plain);
  CHECK(t[8].plain);
}

TEST_CASE("json: a path leads to one value") {
  const std::string_view text =
      R"({"a": [1, {"b": "x\n", "c\u0041": [ ]}], "b": {"a": 2}, "b2": "a text of some length"})";
  CHECK(found(text, {}) == text);
  CHECK(found(R"("Rome")", {}) == R"("Rome")");
  CHECK(found(R"(["Rome"])", {}) == R"(["Rome"])");
  CHECK(found(text, {{"a"}}) == R"([1, {"b": "x\n", "c\u0041": [ ]}])");
  CHECK(found(text, {{"a"}, {{}, 1}}) == "1");
  CHECK(found(text, {{"a"}, {{}, 2}, {"b"}}) == R"("x\n")");
  CHECK(found(text, {{"a"}, {{}, 2}, {"cA"}}) == "[ ]");
  CHECK(found(text, {{"a"}, {{}, 3}}) == "nothing");
  CHECK(found(text, {{"a"}, {"b"}}) == "nothing");
  CHECK(found(text, {{{}, 1}}) == "nothing");
  CHECK(found(text, {{"b"}, {"a"}}) == "2");
  CHECK(found(text, {{"b"}, {"a"}, {"a"}}) == "nothing");
  CHECK(found(text, {{"b2"}}) == R"("a text of some length")");
  CHECK(found(R"({"a": {"b": 1, "b": 2}, "a2": {"b": 1}})", {{"a2"}, {"b"}}) == "1");
  CHECK(found(R"({"a": {"b": 1, "\u0062": 2}})", {{"a"}, {"b"}}) == R"(twice "\u0062")");
}

TEST_CASE("json: what is no JSON is refused with its offset") {
  CHECK(fault("") == "the JSON text has the end at offset 0, where a value is expected");
  CHECK(fault("[1,]") == "the JSON text has ']' at offset 3, where a value is expected");
  CHECK(fault("[1 2]") == "the JSON text has '2' at offset 3, where ',' or ']' is expected");
  CHECK(fault("{\"a\" 1}") == "the JSON text has '1' at offset 5, where ':' is expected");
  CHECK(fault("{a:1}") ==
        "the JSON text has 'a' at offset 1, where a key in double quotes is expected");
  CHECK(fault("\"a\nb\"") ==
        "the JSON text has a control character at offset 2, where an escaped control character is "
        "expected");
  CHECK(fault("\"a\xff\"") == "the JSON text is not UTF-8 at offset 2");
  CHECK(fault("\xff") ==
        "the JSON text has a byte that is not UTF-8 at offset 0, where a value is expected");
  CHECK(fault(R"("\ud800")") == "the JSON text has half a surrogate pair at offset 1");
  CHECK(fault(R"("\udc00\ud800")") == "the JSON text has half a surrogate pair at offset 1");
  CHECK(fault(std::string(1000, '[') + std::string(1000, ']')).empty());
  CHECK(fault(std::string(100000, '[')) ==
        "the JSON text is nested more than 1000 deep at offset 1000");
  std::string many = "[1";
  for (int i = 0; i < 10'000'000; ++i) many += ",1";
  CHECK(fault(many + "]") == "the JSON text has more than 10,000,000 values at offset 19999999");
}

TEST_CASE("json: it takes what another parser takes, and nothing else") {
  const std::vector<std::string> pieces{"{",
                                        "}",
                                        "[",
                                        "]",
                                        ",",
                                        ":",
                                        "\"",
                                        "\"a\"",
                                        "\\",
                                        "\\u00e9",
                                        "null",
                                        "true",
                                        "fals",
                                        "0",
                                        "-",
                                        "1",
                                        ".",
                                        "e",
                                        "E+1",
                                        " ",
                                        "\n",
                                        "\t",
                                        "\"\\n\"",
                                        "\xc3\xa9",
                                        "\xff",
                                        "\x01",
                                        "\"\xc3\xa9\"",
                                        "nul",
                                        "\\ud83d\\ude00",
                                        "\\ud83d",
                                        "+",
                                        "00",
                                        "1.5",
                                        "\xe2\x80\xa8",
                                        "//",
                                        "\xef\xbb\xbf",
                                        "'"};
  std::uint64_t state = 88172645463325252U;
  const auto draw = [&state](std::size_t below) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    return state % below;
  };
  int taken = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string text;
    for (std::size_t n = draw(9) + 1; n > 0; --n) text += pieces[draw(pieces.size())];
    if (text.starts_with("\xef\xbb\xbf")) continue;  // the other one passes a BOM over
    const bool theirs = nlohmann::json::accept(text);
    taken += theirs ? 1 : 0;
    CHECK_MESSAGE(fault(text).empty() == theirs, text);
  }
  CHECK(taken > 500);
}

TEST_CASE("json: texts are unescaped and escaped") {
  std::string out;
  codec::append_unescaped(R"(a\"\\\/\b\f\n\r\t\u0000\u00e9\u20ac\ud83d\ude00z)", out);
  CHECK(out == std::string("a\"\\/\b\f\n\r\t\0\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z", 20));
  std::string spelled;
  CHECK(!codec::append_json_text(std::string_view("a\"\\/\b\t\n\v\f\r\0\x1f\x7f", 13), spelled));
  CHECK(spelled == "\"a\\\"\\\\/\\b\\t\\n\\u000b\\f\\r\\u0000\\u001f\x7f\"");
  CHECK(codec::append_json_text("ab\xffz", spelled) == std::size_t{2});
}

TEST_CASE("json: a number is a double when that gives every digit back") {
  CHECK(number("0") == "0");
  CHECK(number("-0") == "-0");
  CHECK(number("-0.0") == "-0");
  CHECK(number("99999999999999") == "99999999999999");
  CHECK(number("-99999999999999") == "-99999999999999");
  CHECK(number("100000000000000") == "exact");
  CHECK(number("-100000000000000") == "exact");
  CHECK(number("1e14") == "exact");
  CHECK(number("123456789012345.0") == "exact");
  CHECK(number("1e21") == "1e+21");
  CHECK(number("1000000000000000000000") == "exact");
  CHECK(number("1e300") == "1e+300");
  CHECK(number("1e400") == "exact");
  CHECK(number("1e-400") == "exact");
  CHECK(number("0.1") == "0.1");
  CHECK(number("1.50") == "1.5");
  CHECK(number("100.0") == "100");
  CHECK(number("12e3") == "12000");
  CHECK(number("0.00000015") == "1.5e-07");
  CHECK(number("0.10000000000000000001") == "exact");
  CHECK(number("0.1000000000000000000000000000000000000001") == "exact");
  CHECK(number("3.141592653589793") == "3.141592653589793");
  CHECK(number("3.14159265358979312") == "exact");
  CHECK(number("0e5") == "0");
  CHECK(number("1e99999999999999999999") == "exact");
}
