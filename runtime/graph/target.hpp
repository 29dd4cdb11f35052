#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/revision_graph.hpp"

namespace luamig::graph {

/// What a symbol of `show`, `edit` or `stamp` names: "head", "heads", "base" (none), "current" (of
/// `rows`), an id, a unique prefix (of an id longer than 3 characters), a label, "label@head",
/// "label@base", "-1" and "label@-1" (so far below each real head). Throws error{errc::graph};
/// `kind` is "unknown_revision", "ambiguous_partial", "unknown_branch", "not_member",
/// "multiple_heads", "ambiguous_walk". "+1" and "id-1" name nothing here, only in upgrade and
/// downgrade; a row that names no revision is error{errc::integrity}.
[[nodiscard]] std::vector<node> resolve(const revision_graph& graph, std::string_view symbol,
                                        std::span<const std::string> rows = {});

/// Whether the text is a range "a:b".
[[nodiscard]] bool is_range(std::string_view symbol);

/// The revision that a prefix shorter than 4 characters is taken for; nothing for every other text.
[[nodiscard]] std::optional<node> short_prefix(const revision_graph& graph,
                                               std::string_view symbol);

/// Whether the symbol is more than a name, or a name that something here has or begins with: what
/// the graph, not the books, has to answer.
[[nodiscard]] bool may_name(const revision_graph& graph, std::string_view symbol);

/// As resolve, where only one revision makes sense; a symbol that names several is an error naming
/// them, and one that names none ("base") gives nothing.
[[nodiscard]] std::optional<node> resolve_one(const revision_graph& graph, std::string_view symbol,
                                              std::span<const std::string> rows = {});

/// Where a walk down from a head ends: a revision, base, or beyond it.
struct place {
  std::optional<node> revision;  ///< none: base
  bool below_base = false;
};

/// As resolve, but one place for every head that "-2" starts at, also where it ends at base.
[[nodiscard]] std::vector<place> resolve_places(const revision_graph& graph,
                                                std::string_view symbol,
                                                std::span<const std::string> rows = {});

/// The revisions of `history`, newest first: all, or those of the range "a:b", "a:", ":b",
/// "-3:current" (a negative start is counted from the end; "+2" as the end, from the start). The
/// start is part of it. An end that is not above the start is error "not_ancestor", a range without
/// ':' "bad_range".
[[nodiscard]] std::vector<node> history(const revision_graph& graph,
                                        std::optional<std::string_view> range,
                                        std::span<const std::string> rows = {});

/// What `current` prints: the rows, and branch heads that they imply through depends_on.
/// A row of no known revision is an error{errc::integrity}.
[[nodiscard]] std::vector<node> current(const revision_graph& graph,
                                        std::span<const std::string> rows);

/// What a new revision is asked to be.
struct revision_request {
  std::string id{};
  std::vector<std::string> head{};  ///< symbols; none: the only head (`merge`: all heads)
  bool splice = false;              ///< a head need not be one
  std::vector<std::string> depends_on{};
  std::vector<std::string> branch_labels{};
  bool merge = false;  ///< `luamig merge`: the heads of one branch or of several
};

/// The parents, dependencies (as to be written: ids, or labels as given) and labels of the new
/// file. Throws error{errc::graph} where the request names nothing, is ambiguous, names a head
/// twice ("duplicate_heads"), is not a head without splice ("not_head"), or would break the graph
/// (the new revision is tried in it). A merge of one head is not refused here.
[[nodiscard]] revision new_revision(const revision_graph& graph, const revision_request& request);

}  // namespace luamig::graph
