#include "engine/text_sink.hpp"

#include <ostream>

#include "base/text.hpp"
#include "db/parameters.hpp"

namespace luamig::engine {

void text_sink::comment(std::string_view text) { out_ << "-- " << text << "\n\n"; }

void text_sink::line(std::string_view sql) {
  sql = text::trim(sql);
  while (sql.ends_with(';')) sql = text::trim(sql.substr(0, sql.size() - 1));
  if (!sql.empty()) out_ << sql << ";\n\n";
}

std::int64_t text_sink::execute(const statement& s) {
  wrote_ = true;
  if (!s.comment.empty()) out_ << "-- " << s.comment << "\n";
  line(db::inline_values({s.sql, s.values}, kind_));
  return 0;
}

db::connection& text_sink::reader() {
  if (database_ == nullptr) {
    throw error(errc::migration, "this migration reads the database, and --sql a:b has none",
                "run it online, or without a range against a database that is at the start");
  }
  if (wrote_) {
    throw error(errc::migration,
                "this migration reads the database after it has changed it: --sql runs nothing, so "
                "the answer would be that of before",
                "run it online, or write the change as one SQL statement");
  }
  return *database_;
}

}  // namespace luamig::engine
