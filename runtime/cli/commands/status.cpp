#include <limits>
#include <map>

#include "base/file.hpp"
#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "engine/version_store.hpp"
#include "script/checksum.hpp"
#include "script/lua_lexer.hpp"

namespace luamig::cli {
namespace {

constexpr int difference_status = 6;

using newest_entries = std::map<std::string, engine::history_entry>;

/// The newest entry of each revision that is about its being applied.
newest_entries read_books(engine::version_store& store) {
  newest_entries newest;
  for (engine::history_entry& entry : store.history("", std::numeric_limits<int>::max())) {
    if (entry.outcome != "failed") {
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

bool is_modified(const script::script_directory& scripts, graph::node n,
                 const newest_entries& books) {
  const auto found = books.find(scripts.graph().id(n));
  return found != books.end() && found->second.outcome == "applied" &&
         found->second.checksum != script::checksum(script::normalise(file::read(scripts.path(n))));
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
                           engine::version_store& store) {
  const std::optional<std::string> then = store.source(scripts.graph().id(n));
  const bool same = then && is_same_code(*then, script::normalise(file::read(scripts.path(n))));
  return same ? "comments changed" : "modified";
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
                      ? modified_state(in.here.scripts(), n, *store)
                      : "applied";
      fill(row, books);
    }
    result.push_back(std::move(row));
  }
  return result;
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
  int exit = 0;
  for (const status_report::row& row : body.items) {
    // A comment cannot change what a revision does.
    if (in.args.has("check") && row.state != "applied" && row.state != "comments changed") {
      exit = difference_status;
    }
  }
  return {std::move(body), {}, exit};
}

}  // namespace luamig::cli
