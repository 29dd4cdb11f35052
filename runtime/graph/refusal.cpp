#include "graph/refusal.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace luamig::graph {
namespace {

constexpr std::size_t names_shown = 10;

/// What the word may have been meant for: an id, a label, or the beginning of an id.
std::optional<std::string> near_name(const revision_graph& graph, std::string_view word) {
  std::vector<std::string> names;
  for (node n = 0; n < graph.size(); ++n) names.push_back(graph.id(n));
  for (const named_revision& label : graph.branch_labels()) names.push_back(label.name);
  if (auto whole = text::nearest(word, names)) return whole;
  if (word.size() < 4) return std::nullopt;
  std::vector<std::string> beginnings;
  for (const std::string& name : names) beginnings.push_back(name.substr(0, word.size()));
  const auto beginning = text::nearest(word, beginnings);
  if (!beginning) return std::nullopt;
  const auto at = std::find(beginnings.begin(), beginnings.end(), *beginning);
  return names[static_cast<std::size_t>(at - beginnings.begin())];
}

}  // namespace

error refusal(std::string kind, std::string message, std::string hint) {
  error result{errc::graph, std::move(message), std::move(hint)};
  result.kind = std::move(kind);
  return result;
}

std::string quoted_list(std::span<const std::string> names) {
  const std::size_t shown = names.size() > names_shown ? names_shown - 1 : names.size();
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += in_quotes(names[i]);
  }
  if (shown < names.size()) out += " and " + std::to_string(names.size() - shown) + " more";
  return out;
}

std::vector<std::string> ids(const revision_graph& graph, std::span<const node> nodes) {
  std::vector<std::string> result;
  result.reserve(nodes.size());
  for (const node n : nodes) result.push_back(graph.id(n));
  return result;
}

std::string quoted_ids(const revision_graph& graph, std::span<const node> nodes) {
  return quoted_list(ids(graph, nodes));
}

std::string in_file(std::string_view origin) {
  return origin.empty() ? "" : " in " + text::escape_controls(origin);
}

std::string cannot_locate(const revision_graph& graph, std::string_view word) {
  const auto near = near_name(graph, word);
  return "Can't locate revision identified by " + in_quotes(word) +
         (near ? "; did you mean " + in_quotes(*near) + "?" : "");
}

error unknown_revision(const revision_graph& graph, std::string_view word, std::string_view kind) {
  return refusal(std::string(kind), cannot_locate(graph, word),
                 "`luamig history` lists the revisions");
}

error unknown_row(std::string_view row) {
  error result{errc::integrity,
               "Can't locate revision identified by " + in_quotes(row) +
                   ": the version table holds it and no file declares it",
               "bring back its file, or set the table with `luamig stamp REV`"};
  result.kind = "unknown_revision";
  result.revision = row;
  return result;
}

error multiple_heads(const revision_graph& graph, std::string_view word,
                     std::span<const node> found) {
  return refusal("multiple_heads",
                 "Multiple head revisions are present for " + in_quotes(word) + ": " +
                     quoted_ids(graph, found),
                 "name one of them or 'label@head', take them all with 'heads' where that is "
                 "allowed, or join them: `luamig merge heads`");
}

error out_of_range(std::string_view offset, std::string_view why) {
  return refusal("relative_out_of_range",
                 "Relative revision " + std::string(offset) + " didn't produce " +
                     std::string(offset.substr(1)) + " migrations: " + std::string(why),
                 "`luamig history` shows how far it is");
}

}  // namespace luamig::graph
