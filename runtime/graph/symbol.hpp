#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/revision_graph.hpp"

namespace luamig::graph {

/// "label@ab12+2" taken apart; nothing of it has been looked up. Views into the text it came from.
struct symbol {
  std::string_view text;                   ///< all of it
  std::optional<std::string_view> branch;  ///< what stands before '@'
  std::string_view name;                   ///< "" where only an offset stands
  std::string_view offset;                 ///< "+2", "-1"; "" for none
  std::int64_t steps = 0;                  ///< the offset's number, cut at a million million
};

[[nodiscard]] symbol parse_symbol(std::string_view text);

/// "a:b" in two; nothing when there is no ':' or more than one.
[[nodiscard]] std::optional<std::pair<std::string_view, std::string_view>> parse_range(
    std::string_view text);

/// The revisions that the version table's rows name. Throws error{errc::integrity}.
[[nodiscard]] std::vector<node> row_nodes(const revision_graph& graph,
                                          std::span<const std::string> rows);

/// A label, an id, or the beginning of one that is longer than 3 characters. With `branch` (flags
/// by node) only what lies on it counts.
[[nodiscard]] node locate(const revision_graph& graph, std::string_view word,
                          const std::vector<bool>* branch = nullptr);
/// The revision that stands for a branch: what is written before '@'.
[[nodiscard]] node locate_branch(const revision_graph& graph, std::string_view word);

/// What a symbol without an offset names; one with an offset is error "unknown_revision".
[[nodiscard]] std::vector<node> resolve_plain(const revision_graph& graph, const symbol& wanted,
                                              std::span<const std::string> rows);
/// The same where one revision makes sense: none is base, several are error "multiple_heads".
[[nodiscard]] std::optional<node> resolve_single(const revision_graph& graph, const symbol& wanted,
                                                 std::span<const std::string> rows);
/// The symbol's branch and name, without its offset.
[[nodiscard]] symbol without_offset(const symbol& wanted);

}  // namespace luamig::graph
