#include "engine/book_shape.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/text.hpp"

namespace luamig::engine {
namespace {

constexpr std::size_t longest_shown = 400;
constexpr std::string_view mark = "luamig: on the books: ";

/// The settings that decide where a session of ours looks first.
constexpr std::string_view paths_sql =
    "FROM pg_db_role_setting AS s, unnest(s.setconfig) AS c (one) WHERE s.setdatabase IN (0, "
    "(SELECT "
    "oid FROM pg_database WHERE datname = current_database())) AND s.setrole IN (0, (SELECT oid "
    "FROM "
    "pg_roles WHERE rolname = session_user)) AND c.one LIKE 'search_path=%'";

/// The flags of pg_class stay when what they speak of is gone, so they only say where to look.
constexpr std::string_view shape_sql =
    "SELECT string_agg(concat_ws('|', c.relname, c.relkind, c.relowner, c.relacl, "
    "c.relpersistence, "
    "c.relrowsecurity, c.relforcerowsecurity, c.relchecks, c.relispartition, "
    "CASE WHEN c.relhassubclass THEN (SELECT string_agg(i.inhrelid::text, ',' ORDER BY i.inhrelid) "
    "FROM pg_inherits AS i WHERE i.inhparent = c.oid) END, '/', "
    "(SELECT string_agg(i.inhparent::text, ',') FROM pg_inherits AS i WHERE i.inhrelid = c.oid), "
    "'/', "
    "CASE WHEN c.relhastriggers THEN (SELECT string_agg(concat_ws(' ', g.tgname, g.tgenabled, "
    "g.tgtype, g.tgfoid), ',' ORDER BY g.tgname) FROM pg_trigger AS g WHERE g.tgrelid = c.oid) "
    "END, "
    "'/', CASE WHEN c.relhasrules THEN (SELECT string_agg(w.rulename || w.ev_enabled::text, ',' "
    "ORDER "
    "BY w.rulename) FROM pg_rewrite AS w WHERE w.ev_class = c.oid) END, '/', "
    "(SELECT string_agg(concat_ws(' ', x.indkey, x.indisunique, x.indisexclusion), ',' ORDER BY "
    "x.indkey::text) FROM pg_index AS x WHERE x.indrelid = c.oid), '/', "
    "(SELECT string_agg(concat_ws(' ', a.attname, a.atttypid, a.atttypmod, a.attnotnull, "
    "a.atthasdef, "
    "a.attidentity, a.attacl), ',' ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = "
    "c.oid "
    "AND a.attnum > 0 AND NOT a.attisdropped)), ';' ORDER BY c.relname) FROM pg_class AS c WHERE "
    "c.oid IN (to_regclass($version), to_regclass($history))";

constexpr std::string_view lines_sql =
    "WITH b (oid, name) AS (VALUES (to_regclass($version)::oid, $version), "
    "(to_regclass($history)::oid, $history)), "
    "r AS (SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM "
    "pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace) "
    "SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
    "SELECT 'the trigger ' || quote_ident(g.tgname) || ' on ' || b.name || CASE g.tgenabled WHEN "
    "'D' "
    "THEN ' (disabled)' ELSE '' END AS line FROM pg_trigger AS g JOIN b ON b.oid = g.tgrelid WHERE "
    "NOT g.tgisinternal UNION ALL "
    "SELECT 'the rule ' || quote_ident(w.rulename) || ' on ' || b.name || CASE w.ev_enabled WHEN "
    "'D' "
    "THEN ' (disabled)' ELSE '' END FROM pg_rewrite AS w JOIN b ON b.oid = w.ev_class UNION ALL "
    "SELECT 'row level security on ' || b.name FROM pg_class AS c JOIN b ON b.oid = c.oid WHERE "
    "c.relrowsecurity OR c.relforcerowsecurity UNION ALL "
    "SELECT 'the constraint ' || quote_ident(k.conname) || ' on ' || b.name || ' (' || "
    "pg_get_constraintdef(k.oid) || ')' FROM pg_constraint AS k JOIN b ON b.oid = k.conrelid UNION "
    "ALL "
    "SELECT 'the foreign key ' || quote_ident(k.conname) || ' of ' || r.name || ' to ' || b.name "
    "FROM "
    "pg_constraint AS k JOIN b ON b.oid = k.confrelid JOIN r ON r.oid = k.conrelid UNION ALL "
    "SELECT 'the index ' || r.name || ' on ' || b.name FROM pg_index AS x JOIN b ON b.oid = "
    "x.indrelid JOIN r ON r.oid = x.indexrelid WHERE NOT EXISTS (SELECT FROM pg_constraint AS k "
    "WHERE "
    "k.conindid = x.indexrelid) UNION ALL "
    "SELECT 'the table ' || r.name || ', which inherits from ' || b.name FROM pg_inherits AS i "
    "JOIN b "
    "ON b.oid = i.inhparent JOIN r ON r.oid = i.inhrelid UNION ALL "
    "SELECT 'the table ' || r.name || ', of which ' || b.name || ' inherits' FROM pg_inherits AS i "
    "JOIN b ON b.oid = i.inhrelid JOIN r ON r.oid = i.inhparent UNION ALL "
    "SELECT 'the column ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) "
    "|| "
    "CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || "
    "pg_get_expr(d.adbin, d.adrelid), '') || ' of ' || b.name FROM pg_attribute AS a JOIN b ON "
    "b.oid "
    "= a.attrelid LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE "
    "a.attnum > 0 AND NOT a.attisdropped UNION ALL "
    "SELECT 'the owner ' || pg_get_userbyid(c.relowner) || ' of ' || b.name FROM pg_class AS c "
    "JOIN b "
    "ON b.oid = c.oid UNION ALL "
    "SELECT 'the rights ' || c.relacl::text || ' on ' || b.name FROM pg_class AS c JOIN b ON b.oid "
    "= "
    "c.oid WHERE c.relacl IS NOT NULL UNION ALL "
    "SELECT 'a table that is not logged: ' || b.name FROM pg_class AS c JOIN b ON b.oid = c.oid "
    "WHERE "
    "c.relpersistence <> 'p'";

constexpr std::string_view path_lines_sql =
    " UNION ALL SELECT c.one || ' for' || CASE WHEN s.setrole = 0 THEN '' ELSE ' the role ' || "
    "quote_ident(session_user) END || CASE WHEN s.setdatabase = 0 THEN '' ELSE ' the database ' || "
    "quote_ident(current_database()) END ";

std::string filled(std::string_view sql, const book_sql& of) {
  std::string out(sql);
  for (const auto& [name, by] : {std::pair{"$version", text::sql_string(of.version_table())},
                                 std::pair{"$history", text::sql_string(of.history_table())}}) {
    for (std::size_t at = out.find(name); at != std::string::npos; at = out.find(name, at)) {
      out.replace(at, std::string_view(name).size(), by);
      at += by.size();
    }
  }
  return out;
}

std::vector<std::string> sorted_lines(std::string_view text) {
  std::vector<std::string> lines = text::split(text, '\n');
  std::erase(lines, "");
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string left_out(const std::vector<std::string>& of, const std::vector<std::string>& by) {
  std::vector<std::string> rest;
  std::set_difference(of.begin(), of.end(), by.begin(), by.end(), std::back_inserter(rest));
  return text::shorten(text::join(rest, ", "), longest_shown);
}

}  // namespace

book_shape::book_shape(const book_sql& of, bool finds) {
  shape_ = "(" + filled(shape_sql, of) + ")";
  lines_ = filled(lines_sql, of);
  if (finds) {
    shape_ = "concat_ws(';', " + shape_ + ", (SELECT string_agg(concat_ws(' ', s.setdatabase, " +
             "s.setrole, c.one), ',' ORDER BY s.setdatabase, s.setrole) " + std::string(paths_sql) +
             "))";
    lines_ += std::string(path_lines_sql) + std::string(paths_sql);
  }
  lines_ = "(" + lines_ + ") AS all_of_them)";
}

/// The message is not constant, or it would be folded. Where there are no books there are no lines.
std::string book_shape::check() const {
  return "SELECT CASE WHEN " + shape_ + " = $1 THEN 1 ELSE ('" + std::string(mark) +
         "' || coalesce(" + lines_ + ", ''))::int END";
}

bool says_shape_moved(const luamig::error& e) {
  return e.kind == shape_kind || (e.line == 0 && e.message.find(mark) != std::string::npos);
}

shape_difference difference(const luamig::error& e, std::string_view lines) {
  const std::size_t at = e.message.find(mark);
  if (at == std::string::npos) return {};
  std::string_view now = std::string_view(e.message).substr(at + mark.size());
  now = now.substr(0, now.rfind('"'));
  const std::vector<std::string> is = sorted_lines(now);
  const std::vector<std::string> was = sorted_lines(lines);
  return {left_out(is, was), left_out(was, is)};
}

}  // namespace luamig::engine
