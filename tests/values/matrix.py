"""The values that get lost elsewhere: how SQL writes each, and what it is to a migration."""

import dataclasses


@dataclasses.dataclass
class Value:
    """`lua` writes it; `out` is what is read, where that is something else.

    `sqlite` and `postgres` are the column's type and the literal with which the server makes the row
    that all others are compared with; None: the engine has no such value.
    """
    lua: str
    sqlite: tuple = None
    postgres: tuple = None
    out: str = None
    again: str = "nil"  # a function of Lua that makes of what was read what is to be written


def both(lua, sqlite, postgres, literal, **more):
    return Value(lua, (sqlite, literal), (postgres, literal), **more)


def lite(lua, kind, literal, **more):
    return Value(lua, (kind, literal), None, **more)


def postgres(lua, kind, literal, **more):
    return Value(lua, None, (kind, literal), **more)


def integers():
    edges = [0, 1, 10**14, 2**53, 2**63 - 1, 2**31 - 1, 9007199254740000]
    for n in sorted({sign * (edge + by) for edge in edges for by in (-1, 0, 1) for sign in (-1, 1)}
                    | {-2**63}):
        if -2**63 < n < 2**63:
            yield both(f"{n}LL", "INTEGER", "bigint", str(n), out=f'exact("{n}")')
        if -2**63 <= n < 2**63:
            yield both(f'exact("{n}")', "INTEGER", "bigint", str(n))
        if abs(n) < 2**53:
            yield both(str(n), "INTEGER", "bigint", str(n), out=f'exact("{n}")')
    for kind, n in (("smallint", 2**15), ("integer", 2**31)):
        yield both(str(-n), kind, kind, str(-n))
        yield both(str(n - 1), kind, kind, str(n - 1))
    yield postgres("4294967295", "oid", "4294967295")


def decimals():
    for text in ("1234567890123456789.1234567890123456789", "-0.0000000000000000001", "9" * 19,
                 "-1234567890123456789.0000000000000000000", "0.1000000000000000000"):
        number = text if "." in text else text + "." + "0" * 19
        yield postgres(f'exact("{number}")', "numeric(38, 19)", f"'{text}'")
        yield postgres(f'"{number}"', "numeric(38, 19)", f"'{text}'", out=f'exact("{number}")')
    for text in ("NaN", "Infinity", "-Infinity", "1.10", "0.00", "1e-30", "1" + "0" * 100 + ".5",
                 "9007199254740993", "-9223372036854775809", "123456789012345678901234567890"):
        yield postgres(f'exact("{text}")', "numeric", f"'{text}'")
    yield postgres("7", "numeric(10, 2)", "7", out='exact("7.00")')
    yield lite('exact("1.25")', "NUMERIC", "1.25", out="1.25")
    yield lite('exact("9007199254740993")', "NUMERIC", "9007199254740993")
    yield lite('"1234567890123456789.1234567890123456789"', "TEXT",
               "'1234567890123456789.1234567890123456789'")


def doubles():
    for text in ("0.1", "-1e300", "5e-324", "-2.2250738585072014e-308", "2.225073858507201e-308",
                 "1.7976931348623157e308", "0.30000000000000004", "1e22", "123456789012345.6", "1e14",
                 "1e15", "4503599627370495.5", "-9.5367431640625e-07"):
        yield both(text, "REAL", "double precision", text)
    yield Value("-0.0", ("REAL", "-0.0"), ("double precision", "'-0.0'"))
    yield lite("-0.0", "", "-0.0")
    yield lite("0", "", "0")
    yield lite('"0"', "", "'0'")
    yield Value("1/0", ("REAL", "9e999"), ("double precision", "'Infinity'"))
    yield Value("-1/0", ("REAL", "-9e999"), ("double precision", "'-Infinity'"))
    yield postgres("0/0", "double precision", "'NaN'")
    yield postgres("0/0", "real", "'NaN'")
    for text in ("0.1", "1e-45", "3.4028235e38", "16777216", "-0.0"):
        yield postgres(text, "real", f"'{text}'")


def texts():
    for text in ("", "NULL", "null", "it's \"quoted\" `so`", "a\\\\b $1 :x ? %s {} \\\\0", "tab\\tline\\r\\n\\n",
                 "🙂 𝄞 日本 e\\204\\129", "\\1\\27\\127", "\\239\\187\\191BOM", " spaces ", "\\\\x00"):
        raw = lua_text(text)
        literal = "'" + raw.replace("'", "''") + "'"
        lua = '"' + text.replace('"', '\\"') + '"'
        yield both(lua, "TEXT", "text", literal)
        yield both(lua, "TEXT", "varchar(50)", literal)
    yield both('("x🙂"):rep(100000)', "TEXT", "text", "replace('" + "x" * 1000 + "', 'x', '" + "x🙂" * 100 + "')")
    yield lite('"a\\0b\\0"', "TEXT", "CAST(x'61006200' AS TEXT)")
    yield lite('"no \\255 UTF-8"', "TEXT", "CAST(x'6e6f20ff205554462d38' AS TEXT)")
    yield postgres('"ab"', "char(5)", "'ab'", out='"ab   "')
    yield postgres('"ab   "', "char(5)", "'ab'")
    yield postgres('"x"', '"char"', "'x'")
    yield postgres('"Some_name"', "name", "'Some_name'")
    yield both("null", "TEXT", "text", "NULL", out="nil")
    yield both("null", "INTEGER", "bigint", "NULL", out="nil")
    yield both("null", "BLOB", "bytea", "NULL", out="nil")
    yield postgres("null", "integer[]", "NULL", out="nil")
    yield both("null", "BOOLEAN", "boolean", "NULL", out="nil")


def lua_text(text):
    """What a text of this module is once Lua has read it."""
    import re
    escapes = {"t": "\t", "r": "\r", "n": "\n", "\\": "\\"}
    raw = re.sub(rb"\\(\d+|.)", lambda m: bytes([int(m[1])]) if m[1].isdigit()
                 else escapes[m[1].decode()].encode(), text.encode())
    return raw.decode()


def blobs():
    every = "".join(f"\\{n}" for n in range(256))
    for text, digits in ((every, bytes(range(256)).hex()), ("", ""), ("\\0", "00"), ("\\0\\0a\\0", "00006100"),
                         ("\\255\\254", "fffe"), ("text", b"text".hex()), ("\\\\x41", b"\\x41".hex())):
        yield Value(f'blob("{text}")', ("BLOB", f"x'{digits}'"), ("bytea", f"'\\x{digits}'"),
                    out=f'"{text}"', again="blob")


def times():
    for kind, texts in {
            "date": ["0001-01-01", "9999-12-31", "2000-02-29", "infinity", "-infinity", "0044-03-15 BC",
                     "5874897-12-31"],
            "timestamp": ["2024-02-03 04:05:06.789012", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999",
                          "infinity", "-infinity", "4713-01-01 00:00:00 BC"],
            "timestamptz": ["2024-02-03 04:05:06.789012+00", "0001-01-01 00:00:00+00",
                            "9999-12-31 23:59:59.999999+00", "infinity", "-infinity"],
            "time": ["00:00:00", "24:00:00", "23:59:59.999999"],
            "timetz": ["12:00:00+02", "00:00:00.000001-15:59"]}.items():
        for text in texts:
            yield both(f'"{text}"', kind.upper(), kind, f"'{text}'")
    for text, iso in (("1 year 2 mons -3 days +04:05:06.789", "P1Y2M-3DT4H5M6.789S"), ("00:00:00", "PT0S"),
                      ("-178000000 years", "P-178000000Y"), ("1 mon", "P1M"), ("30 days", "P30D"),
                      ("720:00:00", "PT720H"), ("-00:00:00.000001", "PT-0.000001S")):
        yield postgres(f'"{text}"', "interval", f"'{text}'", out=f'"{iso}"')
        yield postgres(f'"{iso}"', "interval", f"'{text}'")
    yield postgres('"2024-02-03 04:05:06+02"', "timestamptz", "'2024-02-03 04:05:06+02'",
                   out='"2024-02-03 02:05:06+00"')
    yield postgres('"2024-02-03T04:05:06Z"', "timestamptz", "'2024-02-03 04:05:06+00'",
                   out='"2024-02-03 04:05:06+00"')


def documents():
    for text in ('{"b": 1, "a": 12345678901234567890, "e": [], "o": {}, "f": 1.10, "n": null, "b": 2}',
                 "9007199254740993", "null", '"\\\\u0041 it\'s"', "[1, [2, {}]]", '{"": "🙂"}'):
        raw = lua_text(text).replace("'", "''")
        yield both(f"[==[{lua_text(text)}]==]", "JSON", "json", f"'{raw}'")
    yield postgres("""'{"b": 1, "a": 12345678901234567890, "e": [], "f": 1.10}'""", "jsonb",
                   """'{"b": 1, "a": 12345678901234567890, "e": [], "f": 1.10}'""",
                   out="""'{"a": 12345678901234567890, "b": 1, "e": [], "f": 1.10}'""")
    yield postgres('json.encode(json.decode(\'{"z":[],"y":{},"x":1.5,"w":9007199254740993}\'))', "json",
                   '\'{"z":[],"y":{},"x":1.5,"w":9007199254740993}\'')


def others():
    yield both("true", "BOOLEAN", "boolean", "true")
    yield both("false", "BOOLEAN", "boolean", "false")
    for kind, text in (("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), ("inet", "10.1.2.3/8"), ("inet", "::1"),
                       ("cidr", "10.0.0.0/8"), ("macaddr", "08:00:2b:01:02:03"), ("mood", "it's {so} \\\\"),
                       ("money", "$1,234,567.89"), ("int4range", "[1,5)"), ("int8range", "empty"),
                       ("tstzrange", '["2024-01-01 00:00:00+00",)'), ("bit(3)", "101"), ("varbit", "10101"),
                       ("point", "(1,2.5)"), ("tsvector", "'a':1 'b':2"), ("xml", "<a>&lt;</a>"),
                       ("int4multirange", "{[1,3),[5,7)}"), ("pg_lsn", "16/B374D848"), ("pair", '(1,"a,b")')):
        raw = lua_text(text).replace("'", "''")
        yield postgres(f"[==[{lua_text(text)}]==]", kind, f"'{raw}'")
    yield postgres("7", "positive", "7")
    yield postgres('exact("9007199254740993")', "big", "9007199254740993")
    yield postgres('exact("1.10")', "amount", "1.10")
    yield postgres('"d@om.ain"', "email", "'d@om.ain'")
    yield postgres("null", "positive", "NULL", out="nil")


def arrays():
    odd = 'array { "a", "", \'q"uote\', "back\\\\slash", "{b}", "NULL", null, ",", " x ", "null", "é🙂\\n" }'
    yield postgres(odd, "text[]", """ARRAY['a', '', 'q"uote', E'back\\\\slash', '{b}', 'NULL', NULL, ',', ' x ',
        'null', E'é🙂\\n']""")
    again = "function(a) local b = {} for i = 1, a.n do b[i] = a[i] == null and null or blob(a[i]) end return array(b) end"
    for lua, kind, literal, more in (
            ("array { 1, null, -3 }", "integer[]", "'{1,NULL,-3}'", {}),
            ("array {}", "integer[]", "'{}'", {}),
            ("array {}", "text[]", "'{}'", {}),
            ("array { null }", "text[]", "'{NULL}'", {}),
            ("array { null, null }", "bigint[]", "'{NULL,NULL}'", {}),
            ('array { "" }', "text[]", "ARRAY['']", {}),
            ("array { array { 1, 2 }, array { 3, null } }", "integer[]", "'{{1,2},{3,NULL}}'", {}),
            ('array { array { "{", "}" }, array { null, "\\"" } }', "text[]", """'{{"{","}"},{NULL,"\\""}}'""", {}),
            ('array { exact("9223372036854775807"), exact("-9223372036854775808"), 1 }', "bigint[]",
             "'{9223372036854775807,-9223372036854775808,1}'", {}),
            ('array { exact("1.10"), exact("NaN"), exact("0.00") }', "numeric[]", "'{1.10,NaN,0.00}'", {}),
            ("array { 0.1, 1/0, -1/0, 5e-324, -0.0, 0/0 }", "double precision[]",
             "'{0.1,Infinity,-Infinity,5e-324,-0,NaN}'", {}),
            ("array { true, false, null }", "boolean[]", "'{t,f,NULL}'", {}),
            ('array { blob("\\0\\255"), blob(""), null }', "bytea[]", "ARRAY['\\x00ff'::bytea, '', NULL]",
             {"out": 'array { "\\0\\255", "", null }', "again": again}),
            ('array { "2024-02-03 04:05:06+00", "infinity" }', "timestamptz[]", "'{2024-02-03 04:05:06+00,infinity}'", {}),
            ('array { "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11" }', "uuid[]", "'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'", {}),
            ("array { \"it's {so} \\\\\", null }", "mood[]", "ARRAY['it''s {so} \\'::mood, NULL]",
             {"out": "[==[{\"it's {so} \\\\\",NULL}]==]"}),
            ("array { '{\"a\": 1}', 'null' }", "json[]", "ARRAY['{\"a\": 1}'::json, 'null']", {}),
            ('array { "(1,2)" }', "point[]", "ARRAY['(1,2)'::point]", {"out": "'{\"(1,2)\"}'"}),
            ('array { "[1,3)", "empty" }', "int4range[]", "ARRAY['[1,3)'::int4range, 'empty']",
             {"out": "'{\"[1,3)\",empty}'"}),
            ('array { "ab" }', "varchar(3)[]", "'{ab}'", {}),
            ("array { 1, 2 }", "small_list", "'{1,2}'", {})):
        yield postgres(lua, kind, literal, **more)


TYPES = r"""
CREATE TYPE mood AS ENUM ('sad', 'it''s {so} \');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN big AS bigint;
CREATE DOMAIN amount AS numeric(20, 2);
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE DOMAIN small_list AS integer[];
"""


def all_values():
    for part in (integers, decimals, doubles, texts, blobs, times, documents, others, arrays):
        for value in part():
            yield value
