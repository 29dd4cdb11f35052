#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

namespace {

// What decode and encode make of a text.
std::string again(workshop& w, const std::string& text) {
  return w.print("json.encode(json.decode([==[" + text + "]==]))");
}

}  // namespace

TEST_CASE("json: decode and encode alter nothing") {
  workshop w;
  for (const char* text :
       {"{}", "[]", "null", "true", "false", "0", "-0", "1.5", "\"\"", "\"é\\n\\u0001\"",
        R"({"b":1,"a":{"z":[],"y":{},"x":null},"c":[[],{},null,false]})",
        R"({"id":9007199254740993,"big":123456789012345678901234567890,"n":99999999999999})",
        R"({"price":0.10000000000000000001,"rate":1e+300,"x":0.1})",
        R"([{"a":1,"b":2},{"b":2,"a":1},{"a":1,"b":2}])", R"({"":"","a\"b":"\\","1":1})"})
    CHECK(again(w, text) == text);
  CHECK(again(w, " { \"a\" : [ 1 , 2 ] } ") == R"({"a":[1,2]})");
}

TEST_CASE("json: a change leaves the order of the keys, new ones come last as they were set") {
  workshop w;
  const std::string setup = "local c = json.decode('{\"z\":1,\"a\":2,\"m\":3}') ";
  CHECK(w.print("json.encode(c)", setup + "c.a = 5 c.new = 1 c.z = nil c.b = null") ==
        R"({"a":5,"m":3,"new":1,"b":null})");
  CHECK(w.print("json.encode(c)", setup + "c.z = nil c.z = 7") == R"({"z":7,"a":2,"m":3})");
  CHECK(w.print("json.encode(c)", setup + "for k in pairs(c) do c[k] = nil end") == "{}");
  CHECK(w.print(
            "table.concat(keys, ' ')",
            setup + "c.q = 1 local keys = {} for k, v in pairs(c) do keys[#keys+1] = k .. v end") ==
        "z1 a2 m3 q1");
  CHECK(w.print("json.encode(c.list), #c.list, c.missing",
                "local c = json.decode('{\"list\":[1,null]}') table.insert(c.list, 'x')") ==
        "[1,null,\"x\"]\t3\tnil");
}

TEST_CASE("json: objects of many keys keep their order too") {
  workshop w;
  CHECK(w.print("json.encode(o) == '{' .. table.concat(want, ',') .. '}', #want",
                "local o, want = json.object(), {} for i = 1, 3000 do o['k' .. i] = i "
                "want[i] = ('\"k%d\":%d'):format(i, i) end") == "true\t3000");
  CHECK(
      w.print("json.encode(json.decode(t)) == t, json.encode(o) == t:sub(1, -2) .. ',\"z\":0}'",
              "local p = {} for i = 1, 200 do p[i] = ('\"k%d\":%d'):format((i * 7) % 1000, i) end "
              "local t = '{' .. table.concat(p, ',') .. '}' local o = json.decode(t) o.z = 0") ==
      "true\ttrue");
}

TEST_CASE("json: tables that were made in Lua encode in a fixed order") {
  workshop w;
  CHECK(w.print("json.encode({ b = 1, a = { 1, 'x', null }, c = { d = true } })") ==
        R"({"a":[1,"x",null],"b":1,"c":{"d":true}})");
  CHECK(w.print("json.encode(json.object({ b = 1, a = 2 })), json.encode(json.array{})") ==
        R"({"a":2,"b":1})"
        "\t[]");
  CHECK(w.print("json.encode({ json.array{}, json.object{}, array{ 1, null } })") ==
        "[[],{},[1,null]]");
  CHECK(w.print("json.encode({ exact('1.50'), exact('9007199254740993'), 5LL, 2^31, 1e300 })") ==
        "[1.50,9007199254740993,5,2147483648,1e+300]");
  CHECK(w.print("json.encode(json.array(array{ 1, null })), json.encode(json.array())") ==
        "[1,null]\t[]");
}

TEST_CASE("json: rows encode with their columns in order and NULL as null") {
  workshop w;
  const std::string row = "local r = db:one(\"SELECT 2 AS b, NULL AS n, 'x' AS a\") ";
  CHECK(w.print("json.encode(r)", row) == R"({"b":2,"n":null,"a":"x"})");
  CHECK(w.print("json.encode(o), o.n", row + "local o = json.object(r) o.c = json.array{ r }") ==
        R"({"b":2,"n":null,"a":"x","c":[{"b":2,"n":null,"a":"x"}]})"
        "\tnull");
}

TEST_CASE("json: what JSON cannot say is an error that names its place") {
  workshop w;
  const auto fails = [&w](const std::string& value) {
    const error e = w.failure("json.encode(" + value + ")");
    CHECK(e.line == 1);
    return e.message + " | " + e.hint;
  };
  CHECK(fails("{}") ==
        "json.encode: the value is an empty table: a list or an object? | json.array{} or "
        "json.object{}");
  CHECK(fails("{ a = { 1, {} } }") ==
        "json.encode: 'a[2]' is an empty table: a list or an object? | json.array{} or "
        "json.object{}");
  CHECK(fails("{ a = 0/0 }").starts_with("json.encode: 'a' is "));
  CHECK(fails("{ a = 1/0 }") == "json.encode: 'a' is inf, which JSON has not | write null");
  CHECK(fails("{ a = 2^53 }")
            .starts_with("json.encode: 'a' is 9007199254740992, a number from 2^53"));
  CHECK(fails("{ 1, nil, 3 }").starts_with("json.encode: the value is a list with a gap"));
  CHECK(fails("{ 1, a = 2 }") ==
        "json.encode: the value is a list with the key 'a' | a table is a list or an object, not "
        "both");
  CHECK(fails("{ [0] = 1 }").starts_with("json.encode: the value has the key 0"));
  CHECK(fails("{ [true] = 1 }").starts_with("json.encode: the value has a key that is a boolean"));
  CHECK(fails("{ a = print }").starts_with("json.encode: 'a' is a function"));
  CHECK(fails("{ a = blob('x') }").starts_with("json.encode: 'a' is a blob"));
  CHECK(fails("{ a = 'x\\255' }").starts_with("json.encode: 'a' is not UTF-8 at offset 1"));
  CHECK(
      fails("{ ['\\255'] = 1 }").starts_with("json.encode: the value has a key that is not UTF-8"));
  CHECK(fails("exact('NaN')").starts_with("json.encode: the value is NaN, which JSON has not"));
  CHECK(fails("nil") == "json.encode: the value is nil | write null");
  const error loop = w.failure("local t = { 1 } t[2] = t json.encode(t)");
  CHECK(loop.message.ends_with("is nested more than 1000 deep"));
  CHECK(loop.hint == "does it hold itself?");
  const error bomb = w.failure(
      "local t = json.array{ ('x'):rep(1000) } for i = 1, 40 do t = { t, t } end json.encode(t)");
  CHECK(bomb.message.find("would be longer than") != std::string::npos);
}

TEST_CASE("json: what is decoded keeps its shape") {
  workshop w;
  CHECK(w.failure("local o = json.decode('{}') o[1] = 2").message ==
        "a key of a JSON object is a text, not a number (1)");
  CHECK(w.failure("local o = json.decode('{\"a\":1}') rawset(o, 'b', 2) json.encode(o)")
            .message.find("came by rawset") != std::string::npos);
  CHECK(w.failure("local o = json.decode('{}') setmetatable(o, {})").message.find("protected") !=
        std::string::npos);
  CHECK(w.print("getmetatable(json.decode('{}')), getmetatable(json.decode('[]'))") ==
        "false\tfalse");
}

TEST_CASE("json: an object is no parameter, and a list only within IN") {
  workshop w;
  const error object = w.failure("db:execute('SELECT :v', { v = json.object{} })");
  CHECK(object.message == "parameter 'v' is a JSON object");
  CHECK(object.hint == "json.encode(value) makes a text of it");
  const error array = w.failure("db:execute('SELECT $1', { json.decode('[1]') })");
  CHECK(array.message == "item 1 of the list of parameters is a JSON object or array");
  CHECK(w.print("db:scalar('SELECT 7 IN (:v)', { v = json.decode('[1, 7]') })") == "1");
}

TEST_CASE("json: bad texts are refused with offset and line") {
  workshop w;
  const error twice = w.failure("json.decode('{\"a\":1,\"b\":{\"x\":1,\"x\":2}}')");
  CHECK(twice.message == "the JSON text has the key \"x\" twice in one object, again at offset 18");
  CHECK(twice.line == 1);
  CHECK(w.failure("json.decode('{\"a\":1,\"\\\\u0061\":2}')").message.find("twice") !=
        std::string::npos);
  CHECK(w.failure("json.decode(nil)").message == "json.decode: the text is nil");
  CHECK(w.failure("json.decode({})").message == "json.decode: the text is a table, not a text");
  CHECK(w.failure("json.decode(('['):rep(1e6))").message ==
        "the JSON text is nested more than 1000 deep at offset 1000");
  CHECK(w.print("json.encode(json.decode(t)) == t",
                "local t = ('['):rep(1000) .. (']'):rep(1000)") == "true");
  CHECK(w.failure("json.decode('1e99999')").message ==
        "the JSON text has a number of more than 20,000 digits at offset 0");
  CHECK(w.failure("json.decod('1')").message ==
        "unknown name 'json.decod' (did you mean 'decode'?)");
}

TEST_CASE("json: at reads one value of a text or of a row's column") {
  workshop w;
  const std::string text =
      R"(local t = '{"city":["Bonn","Köln"],"a":{"b":null},"q\\u0041":9007199254740993}' )";
  CHECK(w.print("json.at(t, 'city', 2), json.at(t, 'city', 3), json.at(t, 'a', 'b')", text) ==
        "Köln\tnil\tnull");
  CHECK(w.print("json.at(t, 'qA'), json.at(t, 'a', 'b', 'c'), json.at(t, 1)", text) ==
        "9007199254740993\tnil\tnil");
  CHECK(w.print("json.encode(json.at(t, 'city')), json.encode(json.at(t, 'a'))", text) ==
        "[\"Bonn\",\"Köln\"]\t{\"b\":null}");
  const std::string row =
      "local r = db:one([[SELECT 1 AS id, '{\"a\":[7]}' AS payload, NULL AS no]]) ";
  CHECK(w.print("json.at(r, 'payload', 'a', 1), json.at(r, 'no', 'a'), json.at(r, 'payload').a[1]",
                row) == "7\tnil\t7");
  CHECK(w.failure(row + "json.at(r, 'paylod', 'a')").message ==
        "no column 'paylod' (did you mean 'payload'?)");
  CHECK(w.failure(row + "json.at(r, 'id', 'a')").message ==
        "json.at: the column 'id' is a number, not a text");
  CHECK(w.failure(row + "json.at(r)").message == "json.at: the row's column is not named");
  CHECK(w.failure("json.at('[1]', 0)").message ==
        "json.at: a step of the path is 0, neither a key nor a position");
  CHECK(w.failure("json.at('[1]', nil)").message ==
        "json.at: a step of the path is nil, neither a key nor a position");
  CHECK(w.failure("json.at('{\"a\":1,\"a\":2}', 'a')").message.find("twice") != std::string::npos);
  CHECK(w.failure("json.at('[1', 1)").message.find("offset 2") != std::string::npos);
  CHECK(w.failure("json.at(nil, 'a')").message == "json.at: the text is nil");
}

TEST_CASE("json: set changes one value and keeps the spelling of all the rest") {
  workshop w;
  const auto set = [&w](const std::string& text, const std::string& arguments) {
    return w.print("json.set([==[" + text + "]==], " + arguments + ")");
  };
  CHECK(set(R"( {"n": 1.0e2, "redis" : {"host":"a\u0041" } })", "'redis', 'host', 'b'") ==
        R"( {"n": 1.0e2, "redis" : {"host":"b" } })");
  CHECK(set("[1.0, 2.00]", "2, 5") == "[1.0, 5]");
  CHECK(set("[1.0, 2.00]", "3, null") == "[1.0, 2.00, null]");
  CHECK(set("{}", "'a', 1") == "{\"a\":1}");
  CHECK(set("{ }", "'a', json.object{ b = 2 }") == "{\"a\":{\"b\":2}}");
  CHECK(set("{\"a\": 1}", "'b', 2") == "{\"a\": 1,\"b\": 2}");
  CHECK(set("{\n  \"a\": 1,\n  \"b\": [\n  ]\n}", "'c', true") ==
        "{\n  \"a\": 1,\n  \"b\": [\n  ],\n  \"c\": true\n}");
  CHECK(w.print("json.set(r, 'p', 'a', exact('1.20'))",
                "local r = db:one([[SELECT '{\"a\":0}' AS p]]) ") == "{\"a\":1.20}");
  const error none = w.failure("json.set('{\"a\":1}', 'redis', 'host', 1)");
  CHECK(none.message == "json.set: there is no 'redis'");
  CHECK(none.hint == "set an object there first: json.object{…}");
  CHECK(w.failure("json.set('{\"a\":1}', 'a', 'b', 1)").message ==
        "json.set: there is no 'b' within 'a': the value there is neither object nor array");
  CHECK(w.failure("json.set('{\"a\":[]}', 'a', 'b', 1)").message ==
        "json.set: there is no 'b' within 'a': the value there is an array");
  CHECK(w.failure("json.set('[]', 2, 1)").hint == "a new item stands right behind the last one");
  CHECK(w.failure("json.set('{}', 'a', nil)").message == "json.set: the value is nil");
  CHECK(w.failure("json.set('{}', 'a')").message == "json.set: a path and a value are missing");
  CHECK(w.failure("json.set('{\"a\":1,\"a\":2}', 'a', 3)").message.find("twice") !=
        std::string::npos);
}
