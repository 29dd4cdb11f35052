#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "graph/revision_graph.hpp"

namespace luamig::graph {

/// error{errc::graph} of this kind, to be thrown.
[[nodiscard]] error refusal(std::string kind, std::string message, std::string hint);

using text::in_quotes;
/// 'a', 'b' and 'c'; of more than ten the first nine and how many more there are.
[[nodiscard]] std::string quoted_list(std::span<const std::string> names);
/// The ids of these revisions, as they are.
[[nodiscard]] std::vector<std::string> ids(const revision_graph& graph,
                                           std::span<const node> nodes);
[[nodiscard]] std::string quoted_ids(const revision_graph& graph, std::span<const node> nodes);
/// " in versions/ab12_users.lua", or "" when there is no file.
[[nodiscard]] std::string in_file(std::string_view origin);

/// "Can't locate revision identified by 'abc12'; did you mean 'abc123'?"
[[nodiscard]] std::string cannot_locate(const revision_graph& graph, std::string_view word);
/// The error for a word that names no revision.
[[nodiscard]] error unknown_revision(const revision_graph& graph, std::string_view word,
                                     std::string_view kind = "unknown_revision");
/// The error for a version table row that names no revision: errc::integrity.
[[nodiscard]] error unknown_row(std::string_view row);
/// "Multiple head revisions are present for 'head': 'a' and 'b'"
[[nodiscard]] error multiple_heads(const revision_graph& graph, std::string_view word,
                                   std::span<const node> found);
/// "Relative revision +1 didn't produce 1 migrations", and `why`.
[[nodiscard]] error out_of_range(std::string_view offset, std::string_view why);

}  // namespace luamig::graph
