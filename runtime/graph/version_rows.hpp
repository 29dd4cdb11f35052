#pragma once

#include <span>
#include <string>
#include <vector>

#include "graph/plan.hpp"
#include "graph/reach.hpp"

namespace luamig::graph {

/// The version table while a plan is made: which revisions are applied, and the rows that say so.
class version_rows {
 public:
  /// Throws error{errc::integrity} for a row that names no revision.
  version_rows(const revision_graph& graph, std::span<const std::string> rows);

  [[nodiscard]] bool applied(node n) const { return applied_[n]; }
  [[nodiscard]] const node_set& applied() const noexcept { return applied_; }
  /// The rows as they stand, sorted.
  [[nodiscard]] const std::vector<std::string>& rows() const noexcept { return rows_; }
  /// The revisions that the rows stand for: none lies below another.
  [[nodiscard]] const std::vector<node>& tips() const noexcept { return tips_; }
  /// One warning for each row that another row implies. Such a row goes with the first step.
  [[nodiscard]] std::vector<std::string> warnings() const;

  /// The step that applies n, all of whose parents are applied; or takes it back, when nothing
  /// applied stands on it. The rows change with it.
  step apply(node n, std::string why);
  step revert(node n, std::string why);

 private:
  step changed(node n, direction way, std::string why);

  const revision_graph& graph_;
  node_set applied_;
  std::vector<node> tips_;                       // at the beginning
  std::vector<std::uint32_t> applied_children_;  // over D
  std::vector<std::string> minimal_;             // sorted: the rows that there ought to be
  std::vector<std::string> rows_;                // sorted: those that there are
};

/// The edit that makes `after` of `before`; both are sorted.
[[nodiscard]] version_edit difference(const std::vector<std::string>& before,
                                      const std::vector<std::string>& after);

[[nodiscard]] std::vector<std::string> sorted(std::span<const std::string> rows);

}  // namespace luamig::graph
