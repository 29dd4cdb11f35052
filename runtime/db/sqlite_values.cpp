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

std::size_t add_sqlite_cell(sqlite3_stmt* raw, int at, cell_kind declared, row_block& into) {
  const auto bytes = [&](const void* data) {
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(raw, at));
    return data == nullptr ? std::string_view{}
                           : std::string_view(static_cast<const char*>(data), size);
  };
  const auto add = [&](cell_kind kind, const void* data) {
    const std::string_view all = bytes(data);
    into.add_bytes(kind, all);
    return all.size();
  };
  switch (sqlite3_column_type(raw, at)) {
    case SQLITE_INTEGER: {
      const std::int64_t i = sqlite3_column_int64(raw, at);
      if (declared == cell_kind::boolean && (i == 0 || i == 1)) {
        into.add_boolean(i == 1);
      } else {
        into.add_integer(i);
      }
      return 0;
    }
    case SQLITE_FLOAT:
      into.add_real(sqlite3_column_double(raw, at));
      return 0;
    case SQLITE_TEXT:
      return add(cell_kind::text, sqlite3_column_text(raw, at));
    case SQLITE_BLOB:
      return add(cell_kind::blob, sqlite3_column_blob(raw, at));
    default:
      into.add_null();
      return 0;
  }
}

}  // namespace luamig::db
