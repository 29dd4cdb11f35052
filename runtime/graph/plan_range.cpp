#include "graph/planning.hpp"
#include "graph/refusal.hpp"
#include "graph/symbol.hpp"
#include "graph/target.hpp"
#include "graph/version_rows.hpp"

namespace luamig::graph {
namespace {

error bad_range(std::string_view text, std::string hint) {
  return refusal("bad_range", in_quotes(text) + " is not a range of revisions", std::move(hint));
}

/// A downgrade's absolute target as its plan wrote it: "base", "id", "branch@id", "branch@base".
downgrade_aim aim_again(const revision_graph& graph, std::string_view target) {
  const symbol wanted = parse_symbol(target);
  downgrade_aim aim;
  if (wanted.branch) aim.branch = locate_branch(graph, *wanted.branch);
  if (wanted.name != "base") aim.target = locate(graph, wanted.name);
  return aim;
}

}  // namespace

std::string_view name(direction d) noexcept {
  switch (d) {
    case direction::upgrade:
      return "upgrade";
    case direction::downgrade:
      return "downgrade";
    case direction::repeat:
      return "repeat";
    case direction::stamp:
      break;
  }
  return "stamp";
}

std::optional<range_ends> split_range(std::string_view target) {
  if (target.find(':') == std::string_view::npos) return std::nullopt;
  const auto halves = parse_range(target);
  if (!halves) throw bad_range(target, "write 'from:to'");
  return range_ends{halves->first, halves->second};
}

std::vector<std::string> range_rows(const revision_graph& graph, std::string_view from) {
  if (from.empty() || parse_symbol(from).name == "base") return {};
  const auto start = resolve_one(graph, from);
  if (!start) throw unknown_revision(graph, from);
  return {graph.id(*start)};
}

void check_range_start(const revision_graph& graph, std::span<const std::string> rows,
                       std::string_view from) {
  const version_rows present(graph, rows);
  const std::vector<std::string> wanted = range_rows(graph, from);
  const std::vector<std::string> here = ids(graph, present.tips());
  if (sorted(here) == wanted) return;
  throw refusal("range_start",
                "the range begins at " + (wanted.empty() ? "base" : quoted_list(wanted)) +
                    ", but the database is at " + (here.empty() ? "base" : quoted_list(here)),
                "leave the beginning out to start where the database is");
}

plan plan_upgrade_range(const revision_graph& graph, std::string_view range) {
  const auto ends = split_range(range);
  if (!ends) return plan_upgrade(graph, {}, range);
  return plan_upgrade(graph, range_rows(graph, ends->from), ends->to.empty() ? "heads" : ends->to);
}

plan plan_downgrade_range(const revision_graph& graph, std::string_view range) {
  const auto ends = split_range(range);
  if (!ends || ends->to.empty()) {
    throw bad_range(range, "a downgrade without a database needs both ends: 'from:to'");
  }
  return plan_downgrade(graph, range_rows(graph, ends->from), ends->to);
}

plan replan(const revision_graph& graph, const plan& before, direction way,
            std::span<const std::string> rows) {
  if (way == direction::stamp) return plan_stamp(graph, rows, before.target, false);
  if (way == direction::downgrade) {
    return downgrade_to(graph, rows, aim_again(graph, before.target.at(0)), "");
  }
  std::vector<node> targets;
  for (const std::string& target : before.target) {
    if (target != "base") targets.push_back(locate(graph, target));
  }
  return upgrade_to(graph, rows, targets);
}

}  // namespace luamig::graph
