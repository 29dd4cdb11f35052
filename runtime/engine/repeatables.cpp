#include "engine/repeatables.hpp"

#include <algorithm>
#include <vector>

namespace luamig::engine {
namespace {

bool leaves_all_applied(const graph::plan& plan, const graph::revision_graph& graph) {
  std::vector<graph::node> rows;
  for (const std::string& id : plan.rows_after) {
    if (const auto node = graph.find(id)) rows.push_back(*node);
  }
  const std::vector<bool> applied = graph.closure(rows);
  return std::find(applied.begin(), applied.end(), false) == applied.end();
}

}  // namespace

std::string why_repeat(const script::repeatable& file, const repeated_files& done) {
  const auto last = done.find(file.file.name);
  if (last == done.end()) return "new";
  if (last->second.checksum != file.checksum) return "changed";
  if (last->second.required != file.required) return "a library has changed";
  return last->second.is_stale ? "a revision was taken back since" : "";
}

void add_repeatables(graph::plan& plan, const script::script_directory& scripts,
                     version_store* store) {
  if (scripts.repeatables().empty() || !leaves_all_applied(plan, scripts.graph())) return;
  const repeated_files done = store == nullptr ? repeated_files() : store->repeated();
  for (const script::repeatable& file : scripts.repeatables()) {
    std::string why = why_repeat(file, done);
    if (why.empty()) continue;
    graph::step& step = plan.steps.emplace_back();
    step.revision = file.file.name;
    step.way = graph::direction::repeat;
    step.why = std::move(why);
  }
}

}  // namespace luamig::engine
