#include <array>

#include "base/error.hpp"
#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "graph/target.hpp"

namespace luamig::cli {
namespace {

history_format format_of(const std::string& name) {
  constexpr std::array known{
      std::pair{"text", history_format::text}, std::pair{"json", history_format::json},
      std::pair{"dot", history_format::dot}, std::pair{"mermaid", history_format::mermaid}};
  for (const auto& [spelling, format] : known) {
    if (name == spelling) {
      return format;
    }
  }
  throw error{errc::usage, "unknown format '" + name + "'", "text, json, dot or mermaid"};
}

/// Marks what a database holds, as far as its rows are known here.
void mark_states(context& in, std::vector<revision_view>& items,
                 const std::vector<std::string>& rows) {
  std::vector<graph::node> known;
  for (const std::string& row : rows) {
    if (const auto node = in.here.graph().find(row)) {
      known.push_back(*node);
    }
  }
  const std::vector<bool> applied = in.here.graph().closure(known);
  for (revision_view& item : items) {
    item.state = applied[*in.here.graph().find(item.revision)] ? "applied" : "pending";
  }
}

/// The rows, where the command speaks of them: -i and ranges with "current" need a database; -v
/// uses a file that is there, and does without a server.
std::optional<std::vector<std::string>> rows_of(context& in, const std::string& range) {
  const bool needed = in.args.has("indicate-current") || range.find("current") != std::string::npos;
  const bool welcome = in.args.has("verbose") && in.here.has_url();
  if (!needed && !welcome) {
    return std::nullopt;
  }
  try {
    return in.here.rows();
  } catch (const error& problem) {
    if (needed || problem.code != errc::connection) {
      throw;
    }
    return std::nullopt;
  }
}

}  // namespace

report run_history(context& in) {
  const std::optional<std::string> range = in.args.value("rev-range");
  const auto rows = rows_of(in, range.value_or(""));
  history_report body;
  body.format = in.args.has("json") ? history_format::json
                                    : format_of(in.args.value("format").value_or("text"));
  body.verbose = in.args.has("verbose");
  body.graph = in.args.has("graph");
  const std::vector<std::string> none;
  const std::vector<graph::node> nodes =
      graph::history(in.here.graph(), range, rows ? *rows : none);
  body.items = in.here.views(nodes, rows ? *rows : none);
  if (rows) {
    mark_states(in, body.items, *rows);
  }
  return {std::move(body), {}};
}

}  // namespace luamig::cli
