#include "codec/csv.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "support/temporary_directory.hpp"

using namespace luamig;

namespace {

// "a.csv:LINE: message".
bool is_error(const std::string& got) {
  const std::size_t digits = std::string_view("a.csv:").size();
  const std::size_t end = got.find_first_not_of("0123456789", digits);
  return got.starts_with("a.csv:") && end != std::string::npos && end > digits &&
         got.compare(end, 2, ": ") == 0;
}

// All records, fields joined by '|' and records by '/', or the error.
std::string read_from(codec::csv_reader::source from, char delimiter = ',') {
  std::string out;
  try {
    codec::csv_reader in(std::move(from), "a.csv", delimiter);
    while (in.next()) {
      if (!out.empty()) out += '/';
      for (std::size_t i = 0; i < in.size(); ++i) {
        if (i > 0) out += '|';
        out += in.field(i);
      }
      out += "@" + std::to_string(in.line());
    }
  } catch (const error& e) {
    out = e.message;
  }
  return out;
}

std::string read(const std::string& content, char delimiter = ',') {
  const testing::temporary_directory root;
  file::create(root.path() / "a.csv", content);
  const std::vector<std::string> parts{"a.csv"};
  auto opened = file::open_beneath(root.path(), parts);
  return read_from([&](std::span<char> room) { return opened->read(room); }, delimiter);
}

// The same from a source that gives so many bytes at a time.
std::string read_by(std::string_view content, std::size_t at_a_time) {
  return read_from([&](std::span<char> room) {
    const std::size_t given = std::min({at_a_time, content.size(), room.size()});
    content.copy(room.data(), given);
    content.remove_prefix(given);
    return given;
  });
}

}  // namespace

TEST_CASE("csv: records by RFC 4180") {
  CHECK(read("").empty());
  CHECK(read("a,b\n1,2\n") == "a|b@1/1|2@2");
  CHECK(read("a,b\r\n1,2\r\n") == "a|b@1/1|2@2");
  CHECK(read("a,b\n1,2") == "a|b@1/1|2@2");
  CHECK(read("\xef\xbb\xbf"
             "a,b\n") == "a|b@1");
  CHECK(read(",\n,,\n") == "|@1/||@2");
  CHECK(read("\"a\"\"b\",\"c,\nd\"\n\"\",x\n") == "a\"b|c,\nd@1/|x@3");
  CHECK(read("\n\nx\n") == "@1/@2/x@3");
  CHECK(read("a;b\n\"1;2\";3\n", ';') == "a|b@1/1;2|3@2");
  CHECK(read("a\tb\n", '\t') == "a|b@1");
  CHECK(read(" a , b \n") == " a | b @1");
  CHECK(read("\"a\r\nb\"\r\nc") == "a\r\nb@1/c@3");
}

TEST_CASE("csv: what is no record is refused with its line") {
  CHECK(read("a\n\"b\nc") == "a.csv:2: a quote is not closed");
  CHECK(read("a\nb\"c\n") == "a.csv:2: a quote within field 1");
  CHECK(read("a,\"b\"c\n") == "a.csv:1: text behind the closing quote of field 2");
  CHECK(read("a\rb\n") == "a.csv:1: a carriage return without a line feed");
  CHECK(read("a\nx,\xff\n") == "a.csv:2: field 2 is not UTF-8 at offset 0");
  CHECK(read(std::string("\xff\xfe"
                         "a\0",
                         4)) == "a.csv:1: the file is not UTF-8");
  CHECK(read("\"" + std::string(17 << 20, 'x') + "\"") ==
        "a.csv:1: the record has more than 16 MB");
}

TEST_CASE("csv: what crosses the edge of a page is whole") {
  std::string content;
  std::string want;
  for (int i = 0; i < 9000; ++i) {
    const std::string n = std::to_string(i);
    content += "\"" + n + "\"\"x\"," + std::string(static_cast<std::size_t>(i % 17), 'y') + "\r\n";
    want += (i > 0 ? "/" : "") + n + "\"x|" + std::string(static_cast<std::size_t>(i % 17), 'y') +
            "@" + std::to_string(i + 1);
  }
  CHECK(read(content) == want);
  CHECK(read_by(content, 7) == want);
}

TEST_CASE("csv: a record that is longer than a page is whole") {
  const std::string half(100'000, 'x');
  CHECK(read("a\n" + half + ",\"" + half + "\"\"\n" + half + "\",b\nc\n") ==
        "a@1/" + half + "|" + half + "\"\n" + half + "|b@2/c@4");
}

TEST_CASE("csv: what means something is seen wherever it stands among eight bytes") {
  std::string content;
  std::string want;
  std::size_t line = 1;
  for (std::size_t before = 0; before < 20; ++before) {
    for (const std::string_view mark : {"\"", "\n", "\r\n", ",", "\xc3\xa9", "\"\"\"", "\n\n"}) {
      const std::string head(before, 'a');
      const std::string tail(before % 11, 'b');
      std::string doubled;
      for (const char c : mark) doubled += c == '"' ? std::string("\"\"") : std::string(1, c);
      content += head + ",\"" + head + doubled + tail + "\"," + tail + "\n";
      want += (line > 1 ? "/" : "") + head + "|" + head + std::string(mark) + tail + "|" + tail +
              "@" + std::to_string(line);
      line += 1 + static_cast<std::size_t>(std::count(mark.begin(), mark.end(), '\n'));
    }
  }
  CHECK(read(content) == want);
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string head(before, 'a');
    CHECK(is_error(read(head + "a\"b,c\n")));
    CHECK(is_error(read(head + "\rb\n")));
    CHECK(is_error(read("\"" + head + "\xff" + head + "\"\n")));
    CHECK(is_error(read(head + "\xff" + head + "\n")));
  }
}

TEST_CASE("csv: pieces of every kind end in records or an error with a line") {
  const std::vector<std::string> pieces{"a",    ",",  "\"",   "\"\"",     "\n",
                                        "\r\n", "\r", "\xc3", "\xc3\xa9", std::string(1, '\0'),
                                        ";",    " "};
  std::uint64_t state = 88172645463325252U;
  const auto draw = [&state](std::size_t below) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    return state % below;
  };
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t n = draw(12); n > 0; --n) text += pieces[draw(pieces.size())];
    const std::string got = read(text);
    CHECK((is_error(got) || !got.starts_with("a.csv:")));
    CHECK(read_by(text, 3 + draw(9)) == got);
    // Without a quote or anything illegal every text is records.
    if (text.find_first_of(std::string_view("\"\0\r\xc3", 4)) == std::string::npos) {
      CAPTURE(got);
      CHECK_FALSE(is_error(got));
    }
  }
}
