#include "cli/commands/all.hpp"
#include "cli/commands/new_file.hpp"

namespace luamig::cli {
namespace {

/// A revision that stands beside the heads makes one head more: said, because `upgrade head` then
/// has two to choose from.
std::vector<std::string> warn_of_heads(context& in, const graph::revision_request& request) {
  const bool was_one = in.here.graph().heads().size() == 1;
  if (!request.splice && !(request.head.size() == 1 && request.head.front() == "base")) {
    return {};
  }
  if (!was_one) {
    return {};
  }
  return {"there are several heads now; `luamig merge heads` joins them"};
}

}  // namespace

report run_revision(context& in) {
  graph::revision_request request = new_request(in);
  request.head = in.args.values("head");
  request.splice = in.args.has("splice");
  request.depends_on = in.args.values("depends-on");
  files_report made = write_revision(in, request, in.args.value("message").value_or(""));
  return {std::move(made), warn_of_heads(in, request)};
}

}  // namespace luamig::cli
