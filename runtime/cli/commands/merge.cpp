#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/new_file.hpp"

namespace luamig::cli {
namespace {

/// "merge ab12 and cd34", for a merge that was given no message.
std::string default_message(const std::vector<std::string>& symbols) {
  return "merge " + text::join(symbols, " and ");
}

}  // namespace

report run_merge(context& in) {
  graph::revision_request request = new_request(in);
  request.head = in.args.words;
  request.merge = true;
  files_report made = write_revision(
      in, request, in.args.value("message").value_or(default_message(in.args.words)));
  made.event = "merge";
  return {std::move(made), {}};
}

}  // namespace luamig::cli
