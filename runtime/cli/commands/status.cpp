#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "cli/part_done.hpp"
#include "db/script_text.hpp"
#include "engine/control.hpp"
#include "engine/progress.hpp"
#include "engine/repeatables.hpp"
#include "engine/version_store.hpp"
#include "script/checksum.hpp"
#include "script/lua_lexer.hpp"
#include "script/sql_file.hpp"

namespace luamig::cli {
namespace {

using newest_entries = std::map<std::string, engine::history_entry>;

/// The newest entry of each revision that is about its being applied.
newest_entries read_books(engine::version_store& store) {
  newest_entries newest;
  for (engine::history_entry& entry : store.history("", std::numeric_limits<int>::max())) {
    if (entry.outcome != "failed" && entry.outcome != "aborted") {
      std::string revision = entry.revision;
      newest.emplace(std::move(revision), std::move(entry));
    }
  }
  return newest;
}

void fill(status_report::row& row, const newest_entries& books) {
  const auto found = books.find(row.revision);
  if (found != books.end()) {
    row.when = found->second.began;
    row.by = found->second.who;
    row.seconds = found->second.seconds;
  }
}

/// How an applied revision came to be so: "skipped" and "stamped" without being run.
std::string state_of(const std::string& revision, const newest_entries& books) {
  const auto found = books.find(revision);
  const bool unrun = found != books.end() &&
                     (found->second.outcome == "skipped" || found->second.outcome == "stamped");
  return unrun ? found->second.outcome : "applied";
}

bool is_modified(const script::script_directory& scripts, graph::node n,
                 const newest_entries& books) {
  const auto found = books.find(scripts.graph().id(n));
  return found != books.end() && found->second.outcome == "applied" &&
         found->second.checksum != script::checksum(script::normalise(file::read(scripts.path(n))));
}

/// Whether two sections hold the same statements, with the same data.
bool is_same_sql(const script::sql_section& a, const script::sql_section& b, db::engine kind) {
  const auto left = db::split(a.text, kind);
  const auto right = db::split(b.text, kind);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const auto& one, const auto& other) {
                      return one.sql == other.sql && one.data == other.data;
                    });
}

/// As `is_same_code`, for SQL files, whose header is a comment too.
bool is_same_script(const std::string& a, const std::string& b, db::engine kind) {
  const script::header one = script::read_sql_header(a, "");
  const script::header other = script::read_sql_header(b, "");
  if (one.transactional != other.transactional || one.environments != other.environments ||
      one.irreversible != other.irreversible) {
    return false;
  }
  const script::sql_sections left = script::read_sql_sections(a);
  const script::sql_sections right = script::read_sql_sections(b);
  return is_same_sql(left.upgrade, right.upgrade, kind) &&
         is_same_sql(left.downgrade, right.downgrade, kind);
}

/// Whether two sources differ in comments and blanks only.
bool is_same_code(const std::string& a, const std::string& b) {
  script::lua_lexer one(a, "");
  script::lua_lexer other(b, "");
  while (true) {
    const script::token left = one.next();
    const script::token right = other.next();
    if (left.kind != right.kind || left.text != right.text) {
      return false;
    }
    if (left.kind == script::token_kind::end_of_file) {
      return true;
    }
  }
}

std::string modified_state(const script::script_directory& scripts, graph::node n,
                           engine::version_store& store, db::engine kind) {
  const std::optional<std::string> then = store.source(scripts.graph().id(n));
  const std::string now = script::normalise(file::read(scripts.path(n)));
  const bool is_sql = script::is_sql_name(scripts.name(n));
  bool same = then && script::is_sql_source(*then) == is_sql;
  if (same) {
    same = is_sql ? is_same_script(*then, now, kind) : is_same_code(*then, now);
  }
  return same ? "comments changed" : "modified";
}

/// What a revision without a file stands on, as its source in the books says, is applied.
void add_parents_of_lost(const std::string& lost, engine::version_store& store,
                         const graph::revision_graph& graph, std::vector<graph::node>& known) {
  std::set<std::string> asked;
  std::vector<std::string> open{lost};
  while (!open.empty()) {
    const std::string revision = std::move(open.back());
    open.pop_back();
    if (const auto node = graph.find(revision)) {
      known.push_back(*node);
      continue;
    }
    const auto source = asked.insert(revision).second ? store.source(revision) : std::nullopt;
    if (!source) continue;
    const script::header head = script::scan_kept(*source, "the books");
    for (const auto& parents : {head.down_revision, head.depends_on}) {
      open.insert(open.end(), parents.begin(), parents.end());
    }
  }
}

/// `store`: null where nothing is applied.
std::vector<status_report::row> table(context& in, const std::vector<std::string>& rows,
                                      const newest_entries& books, engine::version_store* store) {
  const graph::revision_graph& graph = in.here.graph();
  std::vector<status_report::row> result;
  std::vector<graph::node> known;
  for (const std::string& row : rows) {
    if (const auto node = graph.find(row)) {
      known.push_back(*node);
    } else {
      result.push_back(
          {row, "its file is not here: luamig show " + row, "missing", "", "", {}, false});
      fill(result.back(), books);
      add_parents_of_lost(row, *store, graph, known);
    }
  }
  const std::vector<bool> applied = graph.closure(known);
  for (const graph::node n : graph.topological_order()) {
    status_report::row row;
    row.revision = graph.id(n);
    row.message = in.here.scripts().message(n);
    row.state = "pending";
    row.head = graph.is_real_head(n);
    if (applied[n]) {
      row.state = is_modified(in.here.scripts(), n, books)
                      ? modified_state(in.here.scripts(), n, *store, in.here.where().kind)
                      : state_of(row.revision, books);
      fill(row, books);
    }
    result.push_back(std::move(row));
  }
  return result;
}

void add_repeatables(context& in, const newest_entries& books, engine::version_store* store,
                     std::vector<status_report::row>& rows) {
  const std::vector<script::repeatable>& all = in.here.scripts().repeatables();
  if (all.empty()) return;
  const auto done = store == nullptr ? engine::repeated_files() : store->repeated();
  for (const script::repeatable& file : all) {
    status_report::row& row = rows.emplace_back();
    row.revision = file.file.name;
    row.message = file.file.head.message;
    row.state = engine::why_repeat(file, done).empty() ? "applied" : "pending";
    if (done.contains(row.revision)) fill(row, books);
  }
}

void mark_half_done(std::vector<status_report::row>& rows, engine::progress book) {
  for (const engine::half_done& r : book.under_way()) {
    auto row = std::find_if(rows.begin(), rows.end(),
                            [&](const auto& one) { return one.revision == r.revision; });
    if (row == rows.end()) {
      const std::string why =
          r.is_script() ? "luamig run --durable goes on with it" : "its file is not here";
      row = rows.insert(row, {r.revision, why, {}, {}, {}, {}, false, {}});
    }
    row->state = "half done";
    row->steps = r.finished;
    row->part = part_done(r);
    row->rows = r.rows;
    row->of_rows = r.of_rows;
    row->paused = engine::control::read(r.control).paused;
  }
}

}  // namespace

report run_status(context& in) {
  std::vector<std::string> rows;
  newest_entries books;
  std::optional<engine::version_store> store;
  if (db::connection* database = in.here.reader()) {
    store.emplace(*database, in.here.books());
    rows = store->rows();
    books = read_books(*store);
  }
  status_report body{in.here.where().shown, table(in, rows, books, store ? &*store : nullptr)};
  if (store) mark_half_done(body.items, {*in.here.reader(), store->where()});
  add_repeatables(in, books, store ? &*store : nullptr, body.items);
  int exit = 0;
  for (const status_report::row& row : body.items) {
    // A comment cannot change what a revision does.
    if (in.args.has("check") && row.state != "applied" && row.state != "stamped" &&
        row.state != "skipped" && row.state != "comments changed") {
      exit = exit_status(errc::difference);
    }
  }
  return {std::move(body), {}, exit};
}

}  // namespace luamig::cli
