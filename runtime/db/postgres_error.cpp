#include "db/postgres_error.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "db/mask.hpp"
#include "db/url.hpp"

namespace luamig::db {

namespace {

struct state_kind {
  std::string_view state;  // a whole sqlstate, or its class of two characters
  std::string_view kind;
};

constexpr std::array<state_kind, 43> kinds = {{
    {"23505", "unique"},
    {"23503", "foreign_key"},
    {"23502", "not_null"},
    {"23514", "check"},
    {"23P01", "exclusion"},
    {"23001", "foreign_key"},
    {"42P01", "missing_table"},
    {"42703", "missing_column"},
    {"42704", "missing_object"},
    {"42883", "missing_function"},
    {"3F000", "missing_object"},
    {"3B001", "missing_object"},
    {"42P07", "table_exists"},
    {"42701", "column_exists"},
    {"42710", "object_exists"},
    {"42723", "object_exists"},
    {"42P06", "object_exists"},
    {"42P04", "database_exists"},
    {"42601", "syntax"},
    {"55P03", "locked"},
    {"55006", "in_use"},
    {"40P01", "deadlock"},
    {"40001", "serialization"},
    {"53100", "full"},
    {"53200", "memory"},
    {"54000", "too_big"},
    {"57014", "interrupted"},
    {"57P05", "connection"},
    {"25P02", "lost_transaction"},
    {"25006", "read_only"},
    {"42501", "permission"},
    {"42804", "invalid_value"},
    {"P0001", "raised"},
    {"2BP01", "referenced"},
    {"3D000", "missing_database"},
    {"58030", "io"},
    {"XX001", "corrupt"},
    {"XX002", "corrupt"},
    {"22", "invalid_value"},
    {"23", "constraint"},
    {"08", "connection"},
    {"57", "connection"},
    {"53", "full"},
}};

struct state_cure {
  std::string_view state;
  std::string_view says;  ///< a part of the message
  std::string_view cure;
};

/// Where PostgreSQL's own hint does not say what to do in a migration.
constexpr std::array<state_cure, 2> cures = {{
    {"55P04", "",
     "a value that is added to an enum can be used from the next transaction on: use it in a "
     "revision of its own, without --single-transaction"},
    {"55006", "pending trigger events",
     "op.execute(\"SET CONSTRAINTS ALL IMMEDIATE\") before it checks what was deferred"},
}};

std::size_t to_size(std::string_view digits) {
  std::size_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

/// "at character 12": PostgreSQL counts characters of what it was sent.
std::string position_text(std::string_view digits, std::size_t offset) {
  const std::size_t at = to_size(digits);
  if (at <= offset) return "";
  return " at character " + std::to_string(at - offset);
}

/// Alike with SQLite's; "" for one that nobody acts on.
std::string_view kind_of_sqlstate(std::string_view sqlstate) {
  const auto with = [&](std::string_view wanted) {
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const state_kind& k) { return k.state == wanted; });
    return found == kinds.end() ? std::string_view{} : found->kind;
  };
  const std::string_view exact = with(sqlstate);
  return exact.empty() ? with(sqlstate.substr(0, 2)) : exact;
}

}  // namespace

error postgres_error(const libpq_library& pq, const PGresult* from, std::string_view sql,
                     std::size_t offset) {
  const auto field = [&](int code) {
    const char* const text = pq.resultErrorField(from, code);
    return std::string(text == nullptr ? "" : text);
  };
  error e{errc::sql, field(PG_DIAG_MESSAGE_PRIMARY), field(PG_DIAG_MESSAGE_HINT)};
  if (e.message.empty()) e.message = mask(text::trim(pq.resultErrorMessage(from)));
  e.message += position_text(field(PG_DIAG_STATEMENT_POSITION), offset);
  if (const std::string detail = field(PG_DIAG_MESSAGE_DETAIL); !detail.empty()) {
    e.message += " (" + detail + ")";
  }
  e.sql = sql;
  e.sqlstate = field(PG_DIAG_SQLSTATE);
  e.kind = kind_of_sqlstate(e.sqlstate);
  for (const state_cure& known : cures) {
    if (e.sqlstate == known.state && e.message.find(known.says) != std::string::npos)
      e.hint = known.cure;
  }
  e.table = field(PG_DIAG_TABLE_NAME);
  e.column = field(PG_DIAG_COLUMN_NAME);
  e.constraint = field(PG_DIAG_CONSTRAINT_NAME);
  if (e.kind == "interrupted" && e.message.find("statement timeout") != std::string::npos) {
    e.kind = "timeout";
  }
  if (e.kind == "connection") e.code = errc::connection;
  return e;
}

}  // namespace luamig::db
