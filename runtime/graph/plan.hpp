#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/revision_graph.hpp"

namespace luamig::graph {

/// `repeat` is no way through the graph: a file beside it is run again.
enum class direction { upgrade, downgrade, stamp, repeat };

[[nodiscard]] std::string_view name(direction d) noexcept;

/// How one step changes the version table: these rows go, these come. Never a redundant row.
struct version_edit {
  std::vector<std::string> remove;
  std::vector<std::string> add;
};

struct step {
  std::string revision;  ///< "" in a stamp that only removes
  direction way = direction::upgrade;
  version_edit edit;
  bool swap =
      false;  ///< one row becomes one row, one parent, no depends_on: a plain compare-and-swap
  std::string why;  ///< "target", "parent of c0ffee", "c0ffee depends on it"; going down "above
                    ///< base", "child of c0ffee", "depends on c0ffee": for --explain
};

/// The version table after the edit, sorted; `rows` is what it holds before.
[[nodiscard]] std::vector<std::string> edited(std::vector<std::string> rows,
                                              const version_edit& edit);

/// What a command will do. Pure data: nothing in it refers to the graph it came from. A step
/// expects the rows that the one before it leaves, the first one `rows_before`; all row lists are
/// sorted.
struct plan {
  std::vector<step> steps;
  std::vector<std::string> rows_before;
  std::vector<std::string> rows_after;
  /// The target in absolute ids ("heads" and "+1" resolved), so that a plan made again after
  /// another runner moved the books aims at the same place. "base" stays "base". A downgrade that
  /// takes only one of several lines back writes "id@base" or "id@id".
  std::vector<std::string> target;
  std::vector<std::string> warnings;
};

/// `rows` is what the version table holds, in any order. Every planner throws error{errc::graph}
/// for a target that names nothing or is ambiguous (message in the words people search for,
/// category in `kind`), and error{errc::integrity, kind "unknown_revision"} when `rows` hold an id
/// that the graph has not. A row that another row implies is a warning, and goes with the first
/// step.
///
/// target: "head", "heads", "base", an id or unique prefix, "+N", "id+N", "label", "label@head",
/// "label@+N", "a:b" (the rows must then be those of a, else kind "range_start").
[[nodiscard]] plan plan_upgrade(const revision_graph& graph, std::span<const std::string> rows,
                                std::string_view target);
/// "-N" from several rows is refused. In "label@id" the label only chooses among the lines that
/// stand on id; the others stay.
[[nodiscard]] plan plan_downgrade(const revision_graph& graph, std::span<const std::string> rows,
                                  std::string_view target);
/// A target takes the place of all rows related to any of the targets when one of those is above or
/// below it, else it comes beside them; one that is a related row already moves nothing. One step a
/// row that changes. Rows of no known revision are replaced (reported in `warnings`). With `purge`
/// every present row goes first, whatever it is.
[[nodiscard]] plan plan_stamp(const revision_graph& graph, std::span<const std::string> rows,
                              std::span<const std::string> targets, bool purge);
/// The offline forms: "from:to"; the steps begin at the rows of `from` (empty: base). An upgrade's
/// `to` may be empty for heads, and a target without ':' begins at base; a downgrade needs both
/// ends, else kind "bad_range".
[[nodiscard]] plan plan_upgrade_range(const revision_graph& graph, std::string_view range);
[[nodiscard]] plan plan_downgrade_range(const revision_graph& graph, std::string_view range);
/// The plan again, to the same absolute target, from rows that another runner has moved. What has
/// been done meanwhile is no error; a stamp is planned again without purge.
[[nodiscard]] plan replan(const revision_graph& graph, const plan& before, direction way,
                          std::span<const std::string> rows);

}  // namespace luamig::graph
