#include "db/sqlite_values.hpp"

#include <sqlite3.h>

#include "base/text.hpp"

namespace luamig::db {

column sqlite_column(sqlite3_stmt* raw, int at) {
  column out;
  const char* const name = sqlite3_column_name(raw, at);
  out.name = name == nullptr ? "" : name;
  const char* const declared = sqlite3_column_decltype(raw, at);
  const std::string type = text::lower_ascii(declared == nullptr ? "" : declared);
  const auto has = [&](std::string_view part) { return type.find(part) != std::string::npos; };
  out.kind = cell_kind::null;
  if (type == "boolean" || type == "bool") {
    out.kind = cell_kind::boolean;
  } else if (has("int")) {
    out.kind = cell_kind::integer;
  } else if (has("char") || has("clob") || has("text")) {
    out.kind = cell_kind::text;
  } else if (has("blob")) {
    out.kind = cell_kind::blob;
  } else if (has("real") || has("floa") || has("doub")) {
    out.kind = cell_kind::real;
  }
  return out;
}

namespace {

/// A column of a row, as the functions of its statement give it.
struct column_reader {
  sqlite3_stmt* row;
  int at;
  [[nodiscard]] int type() const { return sqlite3_column_type(row, at); }
  [[nodiscard]] std::int64_t integer() const { return sqlite3_column_int64(row, at); }
  [[nodiscard]] double real() const { return sqlite3_column_double(row, at); }
  [[nodiscard]] const void* text() const { return sqlite3_column_text(row, at); }
  [[nodiscard]] const void* blob() const { return sqlite3_column_blob(row, at); }
  [[nodiscard]] int size() const { return sqlite3_column_bytes(row, at); }
};

/// An argument of a function.
struct argument_reader {
  sqlite3_value* from;
  [[nodiscard]] int type() const { return sqlite3_value_type(from); }
  [[nodiscard]] std::int64_t integer() const { return sqlite3_value_int64(from); }
  [[nodiscard]] double real() const { return sqlite3_value_double(from); }
  [[nodiscard]] const void* text() const { return sqlite3_value_text(from); }
  [[nodiscard]] const void* blob() const { return sqlite3_value_blob(from); }
  [[nodiscard]] int size() const { return sqlite3_value_bytes(from); }
};

template <class Reader>
std::string_view bytes_of(const Reader& from, const void* data) {
  const auto size = static_cast<std::size_t>(from.size());
  return {data == nullptr ? "" : static_cast<const char*>(data), data == nullptr ? 0 : size};
}

/// `add(kind, bytes)` is called for a text or blob.
template <class Reader, class Add>
void add_cell(const Reader& from, cell_kind declared, row_block& into, const Add& add) {
  switch (from.type()) {
    case SQLITE_INTEGER: {
      const std::int64_t i = from.integer();
      if (declared == cell_kind::boolean && (i == 0 || i == 1)) {
        into.add_boolean(i == 1);
      } else {
        into.add_integer(i);
      }
      return;
    }
    case SQLITE_FLOAT:
      return into.add_real(from.real());
    case SQLITE_TEXT:
      return add(cell_kind::text, bytes_of(from, from.text()));
    case SQLITE_BLOB:
      return add(cell_kind::blob, bytes_of(from, from.blob()));
    default:
      return into.add_null();
  }
}

}  // namespace

std::size_t add_sqlite_cell(sqlite3_stmt* raw, int at, cell_kind declared, row_block& into) {
  std::size_t added = 0;
  add_cell(column_reader{raw, at}, declared, into, [&](cell_kind kind, std::string_view bytes) {
    into.add_bytes(kind, bytes);
    added = bytes.size();
  });
  return added;
}

void add_sqlite_argument(sqlite3_value* from, cell_kind declared, row_block& into) {
  add_cell(argument_reader{from}, declared, into,
           [&](cell_kind kind, std::string_view bytes) { into.add_view(kind, bytes); });
}

}  // namespace luamig::db
