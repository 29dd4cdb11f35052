#include <limits>
#include <map>

#include "base/file.hpp"
#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "engine/version_store.hpp"
#include "script/checksum.hpp"

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

bool is_modified(const script::script& file, const newest_entries& books) {
  const auto found = books.find(file.head.revision);
  return found != books.end() && found->second.outcome == "applied" &&
         found->second.checksum != script::checksum(file::read(file.path));
}

std::vector<status_report::row> table(context& in, const std::vector<std::string>& rows,
                                      const newest_entries& books) {
  const graph::revision_graph& graph = in.here.graph();
  std::vector<status_report::row> result;
  std::vector<graph::node> known;
  for (const std::string& row : rows) {
    if (const auto node = graph.find(row)) {
      known.push_back(*node);
    } else {
      result.push_back({row, "its file is not here", "missing", "", "", {}, false});
      fill(result.back(), books);
    }
  }
  const std::vector<bool> applied = graph.closure(known);
  for (const graph::node n : graph.topological_order()) {
    const script::script& file = in.here.scripts().at(n);
    status_report::row row{graph.id(n), file.head.message,    "pending", "", "",
                           {},          graph.is_real_head(n)};
    if (applied[n]) {
      row.state = is_modified(file, books) ? "modified" : "applied";
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
  if (db::connection* database = in.here.reader()) {
    engine::version_store store(*database, in.here.books());
    rows = store.rows();
    books = read_books(store);
  }
  status_report body{in.here.where().shown, table(in, rows, books)};
  int exit = 0;
  for (const status_report::row& row : body.items) {
    if (in.args.has("check") && row.state != "applied") {
      exit = difference_status;
    }
  }
  return {std::move(body), {}, exit};
}

}  // namespace luamig::cli
