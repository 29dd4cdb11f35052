#include "graph/symbol.hpp"

#include <algorithm>

#include "graph/reach.hpp"
#include "graph/refusal.hpp"

namespace luamig::graph {
namespace {

constexpr std::int64_t far_away = 1'000'000'000'000;

std::int64_t offset_steps(std::string_view offset) {
  std::int64_t steps = 0;
  for (const char c : offset.substr(1)) steps = std::min(steps * 10 + (c - '0'), far_away);
  return offset[0] == '-' ? -steps : steps;
}

/// Where "+2" or "-1" begins at the end of the text, or its length.
std::size_t offset_begin(std::string_view text) {
  const std::size_t sign = text.find_last_not_of("0123456789");
  const bool is_offset = sign != std::string_view::npos && sign + 1 < text.size() &&
                         (text[sign] == '+' || text[sign] == '-');
  return is_offset ? sign : text.size();
}

error ambiguous(std::string_view word, const std::vector<named_revision>& found) {
  std::vector<std::string> names;
  for (const named_revision& f : found) names.push_back(f.name);
  return refusal("ambiguous_partial",
                 "Can't locate revision identified by " + in_quotes(word) + ": it begins " +
                     quoted_list(names),
                 "write more of it");
}

error not_member(const revision_graph& graph, std::string_view word, node found) {
  return refusal("not_member",
                 "Can't locate revision identified by " + in_quotes(word) +
                     " on this branch: " + in_quotes(graph.id(found)) + " lies on another",
                 "`luamig history` shows the branches");
}

node locate_as(std::string_view unknown_kind, const revision_graph& graph, std::string_view word,
               const node_set* branch) {
  std::optional<node> exact = graph.find(word);
  if (!exact) exact = graph.find_label(word);
  if (exact) {
    if (branch != nullptr && !(*branch)[*exact]) throw not_member(graph, word, *exact);
    return *exact;
  }
  if (word.empty()) throw unknown_revision(graph, word, unknown_kind);
  std::vector<named_revision> found = graph.beginning_with(word);
  if (branch != nullptr) {
    std::erase_if(found, [&](const named_revision& f) { return !(*branch)[f.revision]; });
  }
  if (found.empty()) throw unknown_revision(graph, word, unknown_kind);
  const bool one = std::all_of(found.begin(), found.end(), [&](const named_revision& f) {
    return f.revision == found[0].revision;
  });
  if (!one) throw ambiguous(word, found);
  return found[0].revision;
}

std::vector<node> heads_of(const revision_graph& graph, const symbol& wanted) {
  if (!wanted.branch || graph.size() == 0) {
    return wanted.name == "heads" ? graph.real_heads() : graph.heads();
  }
  const node member = locate_branch(graph, *wanted.branch);
  return within(graph.heads(), line_above(graph, std::span(&member, 1)));
}

}  // namespace

symbol parse_symbol(std::string_view text) {
  symbol result;
  result.text = text;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    result.branch = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  const std::size_t begin = offset_begin(text);
  result.name = text.substr(0, begin);
  result.offset = text.substr(begin);
  if (!result.offset.empty()) result.steps = offset_steps(result.offset);
  return result;
}

symbol without_offset(const symbol& wanted) {
  symbol result = wanted;
  result.text.remove_suffix(wanted.offset.size());
  result.offset = {};
  result.steps = 0;
  return result;
}

std::optional<std::pair<std::string_view, std::string_view>> parse_range(std::string_view text) {
  const std::size_t at = text.find(':');
  if (at == std::string_view::npos || text.find(':', at + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return std::pair{text.substr(0, at), text.substr(at + 1)};
}

std::vector<node> row_nodes(const revision_graph& graph, std::span<const std::string> rows) {
  std::vector<node> result;
  for (const std::string& row : rows) {
    const auto n = graph.find(row);
    if (!n) throw unknown_row(row);
    result.push_back(*n);
  }
  return result;
}

node locate(const revision_graph& graph, std::string_view word, const std::vector<bool>* branch) {
  return locate_as("unknown_revision", graph, word, branch);
}

node locate_branch(const revision_graph& graph, std::string_view word) {
  return locate_as("unknown_branch", graph, word, nullptr);
}

std::vector<node> resolve_plain(const revision_graph& graph, const symbol& wanted,
                                std::span<const std::string> rows) {
  if (!wanted.offset.empty()) throw unknown_revision(graph, wanted.text);
  if (wanted.name == "heads" || wanted.name == "head") {
    std::vector<node> found = heads_of(graph, wanted);
    if (wanted.name == "head" && found.size() > 1) throw multiple_heads(graph, wanted.text, found);
    return found;
  }
  std::optional<node_set> branch;
  if (wanted.branch) branch = branch_of(graph, locate_branch(graph, *wanted.branch));
  if (wanted.name == "base") return {};
  if (wanted.name == "current") {
    const std::vector<node> present = row_nodes(graph, rows);
    return branch ? within(present, *branch) : present;
  }
  return {locate(graph, wanted.name, branch ? &*branch : nullptr)};
}

std::optional<node> resolve_single(const revision_graph& graph, const symbol& wanted,
                                   std::span<const std::string> rows) {
  const std::vector<node> found = resolve_plain(graph, wanted, rows);
  if (found.size() > 1) throw multiple_heads(graph, wanted.text, found);
  return found.empty() ? std::nullopt : std::optional(found[0]);
}

}  // namespace luamig::graph
