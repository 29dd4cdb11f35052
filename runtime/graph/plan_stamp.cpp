#include <algorithm>

#include "graph/plan.hpp"
#include "graph/reach.hpp"
#include "graph/refusal.hpp"
#include "graph/symbol.hpp"
#include "graph/target.hpp"
#include "graph/version_rows.hpp"

namespace luamig::graph {
namespace {

bool has(const std::vector<node>& list, node n) {
  return std::find(list.begin(), list.end(), n) != list.end();
}

std::string unknown_warning(const std::string& row) {
  return "Can't locate revision identified by " + in_quotes(row) +
         ", which the version table holds; the stamp replaces it";
}

/// "heads" over a row that the files do not know would guess: the files may be those of another
/// branch or an older check-out. A revision by its name is a decision.
void refuse_guess(std::span<const std::string> targets, const std::string& row) {
  for (const std::string& target : targets) {
    if (target != "head" && target != "heads") continue;
    error refused(
        errc::integrity,
        "Can't locate revision identified by " + in_quotes(row) + ", which the version table holds",
        "name the revision that the database is at: luamig stamp REVISION; or, if " +
            in_quotes(target) + " is meant: luamig stamp --purge " + target);
    refused.kind = "unknown_revision";
    throw refused;
  }
}

/// One symbol of a stamp: what it names, and which revisions are related to that or to its branch.
struct stamp_target {
  std::vector<node> destinations;
  node_set about;
};

stamp_target resolve_target(const revision_graph& graph, std::string_view text,
                            std::span<const std::string> rows) {
  stamp_target result;
  result.destinations = resolve(graph, text, rows);
  const symbol wanted = parse_symbol(text);
  std::vector<node> members = result.destinations;
  if (wanted.branch && graph.size() > 0) members.push_back(locate_branch(graph, *wanted.branch));
  result.about = members.empty() ? node_set(graph.size(), true) : relatives(graph, members);
  return result;
}

/// Which of the rows the stamp is about. Those of a symbol that names base go at once.
std::vector<node> concerned(const std::vector<stamp_target>& targets, std::vector<node>& rows) {
  std::vector<node> result;
  for (const stamp_target& target : targets) {
    if (target.destinations.empty()) {
      std::erase_if(rows, [&](node n) { return target.about[n]; });
    }
  }
  for (const node n : rows) {
    const bool meant = std::any_of(targets.begin(), targets.end(),
                                   [&](const stamp_target& target) { return target.about[n]; });
    if (meant) result.push_back(n);
  }
  return result;
}

/// The rows after the stamp. A destination takes the place of all rows concerned when it is above
/// or below one of them, else it comes beside them; one that is a row already moves nothing.
std::vector<node> stamped(const revision_graph& graph, const std::vector<stamp_target>& targets,
                          std::vector<node> rows) {
  const std::vector<node> old = concerned(targets, rows);
  for (const stamp_target& target : targets) {
    for (const node destination : target.destinations) {
      if (has(old, destination)) continue;
      if (!within(old, relatives(graph, std::span(&destination, 1))).empty()) {
        std::erase_if(rows, [&](node n) { return has(old, n); });
      }
      rows.push_back(destination);
    }
  }
  return graph.maximal(graph.closure(rows));
}

step table_step(std::string revision, version_edit edit) {
  step result;
  result.revision = std::move(revision);
  result.way = direction::stamp;
  result.edit = std::move(edit);
  result.why = result.revision.empty() ? "not stamped" : "target";
  return result;
}

/// A row that comes takes the place of one that goes, while there are both.
std::vector<step> table_steps(const version_edit& all) {
  std::vector<step> steps;
  for (std::size_t i = 0; i < std::max(all.add.size(), all.remove.size()); ++i) {
    version_edit edit;
    if (i < all.remove.size()) edit.remove.push_back(all.remove[i]);
    if (i < all.add.size()) edit.add.push_back(all.add[i]);
    steps.push_back(table_step(i < all.add.size() ? all.add[i] : "", std::move(edit)));
  }
  return steps;
}

}  // namespace

plan plan_stamp(const revision_graph& graph, std::span<const std::string> rows,
                std::span<const std::string> targets, bool purge) {
  plan result;
  result.rows_before = sorted(rows);
  std::vector<node> present;
  for (const std::string& row : result.rows_before) {
    const auto n = graph.find(row);
    if (!n && !purge) refuse_guess(targets, row);
    if (!n) result.warnings.push_back(unknown_warning(row));
    if (n && !purge) present.push_back(*n);
  }
  std::vector<stamp_target> resolved;
  for (const std::string& target : targets) {
    resolved.push_back(resolve_target(graph, target, ids(graph, present)));
    const std::vector<node>& destinations = resolved.back().destinations;
    if (destinations.empty()) result.target.push_back(target);
    for (const node n : destinations) result.target.push_back(graph.id(n));
  }
  result.rows_after = sorted(ids(graph, stamped(graph, resolved, present)));
  result.steps = table_steps(difference(result.rows_before, result.rows_after));
  return result;
}

}  // namespace luamig::graph
