#include "engine/schema_lines.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "base/text.hpp"
#include "db/transaction.hpp"
#include "db/value_text.hpp"
#include "engine/plain_path.hpp"
#include "engine/schema_sql.hpp"
#include "engine/table_lines.hpp"
#include "script/checksum.hpp"

namespace luamig::engine {
namespace {

constexpr std::size_t checksum_width = 12;

/// What PostgreSQL says of a schema goes by settings that are a script's to set. While one of these
/// is there, names are short in the books' schema, and nowhere else.
class plain_names {
 public:
  plain_names(db::connection& on, const books& own) : on_(on) {
    if (on.state() == db::transaction_state::idle) look_.emplace(on, db::transaction::for_a_look{});
    take_plain_path(on, text::sql_identifier(own.schema));
  }
  /// Not where reading has failed: then the transaction has, too.
  void put_back() {
    if (look_) return look_->rollback();
    put_path_back(on_);
  }

 private:
  db::connection& on_;
  std::optional<db::transaction> look_;
};

/// A line break and the blanks around it as one blank, for a line is a line; in a text of SQL,
/// where it counts, as \n.
std::string flat(std::string_view s) {
  std::string out;
  bool in_text = false;
  for (std::size_t at = 0; at < s.size(); ++at) {
    if (s[at] == '\'') in_text = !in_text;
    if (s[at] != '\n' && s[at] != '\r') {
      out += s[at];
    } else if (in_text) {
      out += s[at] == '\n' ? "\\n" : "\\r";
    } else {
      while (out.ends_with(' ') || out.ends_with('\t')) out.pop_back();
      at = std::min(s.find_first_not_of(" \t\r\n", at), s.size()) - 1;
      if (!out.empty()) out += ' ';
    }
  }
  return out;
}

std::string checksum_of(std::string_view s) {
  return db::to_hex(script::sha256(s)).substr(0, checksum_width);
}

/// The table that a text of `texts` is about: the last line is its text.
std::string_view table_of(std::string_view text) { return text.substr(0, text.rfind('\n')); }
std::string_view text_of(std::string_view text) { return text.substr(text.rfind('\n') + 1); }

std::string definition(std::string_view text) {
  return "definition of " + std::string(table_of(text)) + ": " + std::string(text_of(text));
}

bool is_about(std::string_view line, std::string_view table) {
  for (const std::string_view word : {"column ", "table ", "foreign key ", "constraint ",
                                      "collation of ", "expression of ", "options of "}) {
    if (!line.starts_with(word)) continue;
    const std::string_view rest = line.substr(word.size());
    return rest.starts_with(table) &&
           (rest.size() == table.size() || rest.find_first_of(". :", table.size()) == table.size());
  }
  return false;
}

std::vector<std::string> left_out(const std::vector<std::string>& of,
                                  const std::vector<std::string>& by) {
  std::vector<std::string> rest;
  std::set_difference(of.begin(), of.end(), by.begin(), by.end(), std::back_inserter(rest));
  return rest;
}

/// Whose a table is that has come or gone, nobody asks.
void leave_owners_of_new_out(schema_difference& of) {
  const auto object = [](std::string_view line) {
    return line.starts_with("owner of ") ? line.substr(0, line.rfind(": ")) : std::string_view();
  };
  const auto names = [&](const std::vector<std::string>& lines) {
    std::vector<std::string> found;
    for (const std::string& line : lines) {
      if (!object(line).empty()) found.emplace_back(object(line));
    }
    return found;
  };
  const std::vector<std::string> added = names(of.added);
  const std::vector<std::string> removed = names(of.removed);
  const auto only_in = [&](std::vector<std::string>& lines, const std::vector<std::string>& other) {
    std::erase_if(lines, [&](const std::string& line) {
      return !object(line).empty() &&
             std::find(other.begin(), other.end(), object(line)) == other.end();
    });
  };
  only_in(of.added, removed);
  only_in(of.removed, added);
}

}  // namespace

schema_text read_schema(db::connection& on, const books& own) {
  const bool sqlite = on.kind() == db::engine::sqlite;
  std::optional<plain_names> names;
  if (!sqlite) names.emplace(on, own);
  const std::vector<value> values =
      sqlite ? std::vector<value>{value(own.version_table)}
             : std::vector<value>{value(own.schema), value(own.version_table)};
  schema_text found;
  for (const auto& row :
       db::all(on, sqlite ? sqlite_schema_sql() : postgres_schema_sql(), values)) {
    if (const auto* text = std::get_if<std::string>(&row[0])) found.lines.push_back(flat(*text));
  }
  if (sqlite) {
    for (const auto& row : db::all(on, sqlite_tables_sql(), values)) {
      const auto& table = std::get<std::string>(row[0]);
      const auto& sql = std::get<std::string>(row[1]);
      for (const std::string& line : table_lines(table, sql)) found.lines.push_back(flat(line));
      found.texts.push_back(table + "\n" + flat(sql));
    }
  }
  if (names) names->put_back();
  for (std::vector<std::string>* list : {&found.lines, &found.texts}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return found;
}

std::string fingerprint(const schema_text& of) {
  std::vector<std::string> lines = of.lines;
  std::erase_if(lines, [](const std::string& line) {
    return line.starts_with("owner of ") || line.starts_with("rights on ");
  });
  lines.emplace_back();
  for (const std::string& text : of.texts) {
    lines.push_back(std::string(table_of(text)) + " " + checksum_of(text_of(text)));
  }
  return db::to_hex(script::sha256(text::join(lines, "\n")));
}

schema_difference compare(const schema_text& before, const schema_text& after) {
  schema_difference out{left_out(after.lines, before.lines), left_out(before.lines, after.lines)};
  leave_owners_of_new_out(out);
  const std::vector<std::string> gone = left_out(before.texts, after.texts);
  for (const std::string& text : left_out(after.texts, before.texts)) {
    const std::string_view table = table_of(text);
    const auto told = [&](const std::string& line) { return is_about(line, table); };
    if (std::any_of(out.added.begin(), out.added.end(), told) ||
        std::any_of(out.removed.begin(), out.removed.end(), told)) {
      continue;
    }
    const auto old = std::find_if(gone.begin(), gone.end(),
                                  [&](const auto& other) { return table_of(other) == table; });
    if (old != gone.end()) out.removed.push_back(definition(*old));
    out.added.push_back(definition(text));
  }
  return out;
}

}  // namespace luamig::engine
