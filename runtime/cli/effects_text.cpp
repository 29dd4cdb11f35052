#include <algorithm>

#include "base/text.hpp"
#include "cli/effects.hpp"
#include "cli/format.hpp"

namespace luamig::cli {
namespace {

constexpr std::size_t summary_width = 52;
constexpr std::size_t time_width = 10;
constexpr std::size_t longest_line = 160;
constexpr std::int64_t worth_a_line = 64 << 20;  // bytes of WAL

std::string rows_text(const engine::table_effects& t) {
  std::string out;
  const auto add = [&out](std::int64_t n, std::string_view what) {
    if (n != 0) out += (out.empty() ? "" : ", ") + grouped(n) + " " + std::string(what);
  };
  add(t.inserted, "inserted");
  add(t.updated, "updated");
  add(t.deleted, "deleted");
  if (t.rewritten > 0) out += out.empty() ? "written anew" : ", written anew";
  return out;
}

/// What its statements have said, or else what the database has counted.
std::int64_t rows_of(const engine::operation_effects& o) {
  std::int64_t counted = 0;
  for (const auto& [table, effects] : o.tables) counted += effects.rows();
  return o.rows != 0 ? o.rows : counted;
}

/// "  rows      users: 3 updated", then its further lines below.
class section {
 public:
  section(std::string& out, std::string_view name) : out_(out), name_(name) {}
  void line(const std::string& text) {
    out_ += "    " + padded(name_, 15) + text::shorten(text, longest_line) + "\n";
    name_ = "";
  }

 private:
  std::string& out_;
  std::string_view name_;
};

/// "    12  drop column users.note   ", below the name of its file where that is another one.
template <typename Operation>
std::string head_of(const Operation& o, std::string& file) {
  const std::string line = std::to_string(o.line);
  std::string out = o.file == file ? "" : "  " + o.file + "\n";
  file = o.file;
  return out + std::string(line.size() < 6 ? 6 - line.size() : 0, ' ') + line + "  " +
         padded(text::shorten(text::one_line(o.summary), summary_width), summary_width) + "  ";
}

void end_line(std::string& out, const std::string& destroys) {
  while (out.ends_with(' ')) out.pop_back();
  if (!destroys.empty()) {
    out += "  ! " + (destroys == "cannot be told" ? "what it destroys cannot be told" : destroys);
  }
  out += "\n";
}

void add_operations(std::string& out, const engine::revision_effects& of) {
  std::string file;
  for (const engine::operation_effects& o : of.operations) {
    out += head_of(o, file) + padded(seconds(o.seconds), time_width);
    if (o.statements == 0) out += " refused";
    if (o.statements > 1) out += " " + grouped(o.statements) + " statements";
    const std::int64_t rows = rows_of(o);
    if (rows != 0) out += " " + grouped(rows) + (rows == 1 ? " row" : " rows");
    end_line(out, o.destroys);
  }
}

/// The first name in a text that goes on behind it: quotes may hold blanks.
std::string first_name(std::string_view text) {
  bool quoted = false;
  const auto end = std::find_if(text.begin(), text.end(), [&](char c) {
    if (c == '"') quoted = !quoted;
    return c == ' ' && !quoted;
  });
  return {text.begin(), end};
}

/// The table that a line of the schema is: "people" of "partitioned table people"; "" for none.
/// SQLite's names have no quotes, and nothing behind them.
std::string table_named(std::string_view line, const std::vector<std::string>& lines) {
  for (const std::string_view kind : {"table ", "partitioned table ", "foreign table "}) {
    if (!line.starts_with(kind)) continue;
    const std::string whole(line.substr(kind.size()));
    const bool has_columns = std::any_of(lines.begin(), lines.end(), [&](const auto& other) {
      return other.starts_with("column " + whole + ".");
    });
    return has_columns ? whole : first_name(whole);
  }
  return "";
}

}  // namespace

std::vector<std::string> folded(const std::vector<std::string>& lines) {
  std::vector<std::string> out;
  for (const std::string& table : lines) {
    const std::string name = table_named(table, lines);
    if (name.empty()) continue;
    std::string columns;
    for (const std::string& line : lines) {
      const std::string column = "column " + name + ".";
      if (!line.starts_with(column)) continue;
      const std::string rest = line.substr(column.size());
      columns += (columns.empty() ? "" : ", ") + rest.substr(0, rest.find(' '));
    }
    out.push_back(table + (columns.empty() ? "" : " (" + columns + ")"));
  }
  for (const std::string& line : lines) {
    const bool of_table = std::any_of(lines.begin(), lines.end(), [&](const std::string& table) {
      const std::string name = table_named(table, lines);
      if (name.empty()) return false;
      return line == table || line.starts_with("column " + name + ".") ||
             line.starts_with("constraint " + name + ".") ||
             line.starts_with("constraint " + name + " ") ||
             line.starts_with("collation of " + name + ".") ||
             line.starts_with("expression of " + name + ".") ||
             line.starts_with("foreign key " + name + " ");
    });
    if (!of_table) out.push_back(line);
  }
  return out;
}

std::string operations_text(const std::vector<engine::planned_operation>& operations) {
  std::string out;
  std::string file;
  for (const engine::planned_operation& o : operations) {
    out += head_of(o, file) + text::join(o.locks, ", ");
    end_line(out, o.destroys);
  }
  return out;
}

std::string grouped(std::int64_t n) {
  const std::string digits = std::to_string(n);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  std::string out;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at > first && (digits.size() - at) % 3 == 0) out += ' ';
    out += digits[at];
  }
  return out;
}

std::string bytes_text(std::int64_t n) {
  if (n < 1024) return std::to_string(n) + " bytes";
  double amount = static_cast<double>(n);
  const char* unit = " kB";
  for (const char* const next : {" kB", " MB", " GB", " TB"}) {
    if (amount < 1024) break;
    amount /= 1024;
    unit = next;
  }
  const auto tenths = static_cast<std::int64_t>(amount * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + unit;
}

std::string effects_text(const engine::revision_effects& of) {
  std::string out;
  add_operations(out, of);
  section rows(out, "rows");
  for (const auto& [table, effects] : of.tables) rows.line(table + ": " + rows_text(effects));
  section indexes(out, "indexes");
  for (const engine::operation_effects& o : of.operations) {
    for (const std::string& index : o.indexes) indexes.line(index + " is built");
  }
  section locks(out, "locks");
  for (const engine::lock_effects& l : of.locks) {
    if (l.mode.starts_with("ROW ")) continue;  // in nobody's way but another ALTER's
    locks.line(l.mode + " on " + l.table + " for " + seconds(l.seconds) + ", from line " +
               std::to_string(l.line));
  }
  section schema(out, "schema");
  for (const std::string& line : folded(of.schema_removed)) schema.line("- " + line);
  for (const std::string& line : folded(of.schema_added)) schema.line("+ " + line);
  if (of.wal_bytes && *of.wal_bytes >= worth_a_line)
    section(out, "WAL").line(bytes_text(*of.wal_bytes));
  section sequences(out, "sequences");
  for (const engine::sequence_effects& s : of.sequences) {
    sequences.line(s.name + " has moved from " + std::to_string(s.before) + " to " +
                   std::to_string(s.after) + ", and stays there");
  }
  section rest(out, "not simulated");
  for (const std::string& text : of.not_simulated) rest.line(text);
  return out;
}

}  // namespace luamig::cli
