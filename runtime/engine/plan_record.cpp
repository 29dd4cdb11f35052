#include "engine/plan_record.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "db/mask.hpp"

namespace luamig::engine {
namespace {

constexpr std::size_t longest_sql = 400;
constexpr std::size_t most_sql = 3;
constexpr std::size_t longest_summary = 72;

void add_once(std::vector<std::string>& to, std::string what) {
  if (std::find(to.begin(), to.end(), what) == to.end()) to.push_back(std::move(what));
}

}  // namespace

void plan_record::begin_step(std::string revision) {
  last_ = std::move(revision);
  now_ = &steps_[last_];
  names_.clear();
}

void plan_record::name_operation(const called_operation& called) {
  names_[{std::string(called.file), called.line}] = {
      std::string(called.name), std::string(called.summary), std::string(called.destroys)};
}

void add_other_locks(planned_operation& of, db::connection& on) {
  constexpr std::string_view others_sql =
      "WITH it AS (SELECT to_regclass($1)::oid AS oid, CASE WHEN $2 <> '' THEN "
      "(parse_ident($2))[1] "
      "END AS key, CASE WHEN $3 <> '' THEN (SELECT attnum FROM pg_catalog.pg_attribute WHERE "
      "attrelid = to_regclass($1) AND attname = (parse_ident($3))[1]) END AS col) "
      "SELECT DISTINCT other::regclass::text FROM (SELECT k.confrelid FROM "
      "pg_catalog.pg_constraint "
      "AS k, it WHERE k.contype = 'f' AND k.conrelid = it.oid AND ($2 = '' OR k.conname = it.key) "
      "AND ($3 = '' OR it.col = ANY (k.conkey)) UNION ALL SELECT k.conrelid FROM "
      "pg_catalog.pg_constraint AS k, it WHERE k.contype = 'f' AND k.confrelid = it.oid AND ($2 = "
      "'' "
      "OR EXISTS (SELECT FROM pg_catalog.pg_constraint AS u WHERE u.conrelid = it.oid AND "
      "u.conname "
      "= it.key AND u.conindid = k.conindid)) AND ($3 = '' OR it.col = ANY (k.confkey))) AS o "
      "(other), it WHERE other <> it.oid";
  for (const ended& one : of.ends) {
    for (const auto& row :
         db::all(on, others_sql,
                 std::array{value(one.table), value(one.constraint), value(one.column)})) {
      add_once(of.locks, "ACCESS EXCLUSIVE on " + std::get<std::string>(row[0]));
    }
  }
}

void plan_record::add(const statement& s, db::engine kind) {
  if (now_ == nullptr) return;
  auto at = std::find_if(now_->begin(), now_->end(), [&](const planned_operation& o) {
    return o.file == s.file && o.line == s.line;
  });
  if (at == now_->end()) {
    planned_operation o;
    o.file = s.file;
    o.line = s.line;
    const auto named = names_.find({s.file, s.line});
    const bool is_named = named != names_.end();
    if (is_named) o.name = named->second.name;
    if (is_named) o.destroys = named->second.destroys;
    const std::string& summary = is_named ? named->second.summary : s.sql;
    o.summary = text::shorten(text::one_line(db::mask(summary)), longest_summary);
    at = now_->insert(now_->end(), std::move(o));
  }
  ++at->statements;
  if (at->sql.size() < most_sql) add_once(at->sql, text::shorten(db::mask(s.sql), longest_sql));
  for (std::string& lock : locks_of(s.sql, kind)) add_once(at->locks, std::move(lock));
  for (ended& one : endings_of(s.sql, kind)) at->ends.push_back(std::move(one));
  if (at->destroys.empty() && !rebuilding_) at->destroys = destruction_of(s.sql, kind, at->name);
}

}  // namespace luamig::engine
