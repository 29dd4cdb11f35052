#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/plan.hpp"

namespace luamig::graph {

/// Where a downgrade ends. Shared by the planners and `replan`.
struct downgrade_aim {
  std::optional<node> target;  ///< none: base
  /// Where several revisions stand directly on the target, only those on the line of this one go.
  std::optional<node> branch;
};

/// "from:to": nothing when the target is none. Throws "bad_range" for more than one ':'.
struct range_ends {
  std::string_view from;
  std::string_view to;
};
[[nodiscard]] std::optional<range_ends> split_range(std::string_view target);
/// The rows of a range's beginning; none for base. Several are error "multiple_heads"; "head" where
/// there is no revision at all is "unknown_revision".
[[nodiscard]] std::vector<std::string> range_rows(const revision_graph& graph,
                                                  std::string_view from);
/// Throws "range_start" unless the rows are those of the range's beginning.
void check_range_start(const revision_graph& graph, std::span<const std::string> rows,
                       std::string_view from);

[[nodiscard]] plan upgrade_to(const revision_graph& graph, std::span<const std::string> rows,
                              const std::vector<node>& targets);
/// `written` is the target for messages; empty: a target that lies above the rows is no error.
[[nodiscard]] plan downgrade_to(const revision_graph& graph, std::span<const std::string> rows,
                                const downgrade_aim& aim, std::string_view written);

}  // namespace luamig::graph
