#include "script/header.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "script/header_reader.hpp"
#include "script/leading_comment.hpp"
#include "script/repeatable.hpp"
#include "script/sql_file.hpp"

namespace luamig::script {
namespace {

[[noreturn]] void refuse(std::string_view source, std::string_view path, std::size_t offset,
                         std::string message, std::string hint) {
  const auto lines =
      std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  throw error_at(errc::script, path, static_cast<int>(lines) + 1, std::move(message),
                 std::move(hint));
}

void check_bytes(std::string_view source, std::string_view path) {
  if (source.starts_with('\x1b')) {
    refuse(source, path, 0, "the file is compiled Lua, not source text",
           "keep the .lua source in the directory: it is what is read and hashed");
  }
  if (source.find_first_not_of(" \t\r\n", after_byte_order_mark(source)) ==
      std::string_view::npos) {
    refuse(source, path, 0, "the file is empty",
           "write a migration with `luamig revision -m \"…\"`, or remove the file");
  }
  if (text::is_plain_ascii(source)) return;
  if (const std::size_t nul = source.find('\0'); nul != std::string_view::npos) {
    refuse(source, path, nul, "the file holds a zero byte, so it is not text",
           "save it as UTF-8 (not UTF-16)");
  }
  if (const auto bad = text::invalid_utf8(source)) {
    refuse(source, path, *bad, "the file is not valid UTF-8",
           "save it as UTF-8; bytes in a string are written \\xFF");
  }
}

}  // namespace

header scan_header(std::string_view source, std::string_view path) {
  if (!is_sql_name(path)) return scan_lua(source, path);
  check_bytes(source, path);
  return read_sql_header(source, path);
}

header scan_kept(std::string_view source, std::string_view origin) {
  return is_sql_source(source) ? read_sql_header(source, origin) : scan_lua(source, origin);
}

header scan_repeatable(std::string_view source, std::string_view path) {
  check_bytes(source, path);
  if (is_sql_name(path)) return read_sql_repeatable(source, path);
  header head = header_reader(source, path).read_repeatable();
  leading_comment comment = read_leading_comment(source);
  head.message = std::move(comment.message);
  head.notes = std::move(comment.notes);
  return head;
}

header scan_lua(std::string_view source, std::string_view path) {
  check_bytes(source, path);
  header head = header_reader(source, path).read();
  leading_comment comment = read_leading_comment(source);
  head.message = std::move(comment.message);
  head.notes = std::move(comment.notes);
  return head;
}

}  // namespace luamig::script
