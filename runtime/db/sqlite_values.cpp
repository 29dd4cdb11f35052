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
std::size_t add_bytes(const Reader& from, cell_kind kind, const void* data, row_block& into) {
  const auto size = static_cast<std::size_t>(from.size());
  into.add_bytes(kind, data == nullptr ? std::string_view{}
                                       : std::string_view(static_cast<const char*>(data), size));
  return size;
}

template <class Reader>
std::size_t add_cell(const Reader& from, cell_kind declared, row_block& into) {
  switch (from.type()) {
    case SQLITE_INTEGER: {
      const std::int64_t i = from.integer();
      if (declared == cell_kind::boolean && (i == 0 || i == 1)) {
        into.add_boolean(i == 1);
      } else {
        into.add_integer(i);
      }
      return 0;
    }
    case SQLITE_FLOAT:
      into.add_real(from.real());
      return 0;
    case SQLITE_TEXT:
      return add_bytes(from, cell_kind::text, from.text(), into);
    case SQLITE_BLOB:
      return add_bytes(from, cell_kind::blob, from.blob(), into);
    default:
      into.add_null();
      return 0;
  }
}

}  // namespace

std::size_t add_sqlite_cell(sqlite3_stmt* raw, int at, cell_kind declared, row_block& into) {
  return add_cell(column_reader{raw, at}, declared, into);
}

void add_sqlite_argument(sqlite3_value* from, cell_kind declared, row_block& into) {
  add_cell(argument_reader{from}, declared, into);
}

}  // namespace luamig::db
