#include <optional>
#include <utility>

#include "base/error.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/new_file.hpp"
#include "cli/commands/schemas.hpp"

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

/// What the models leave open is asked: for each rename that may be meant "yes", "no" or "unasked".
std::vector<std::string> answers(context& in, const std::vector<std::string>& renames) {
  std::vector<std::string> given;
  for (std::size_t i = 0; i + 1 < renames.size(); i += 2) {
    const std::optional<bool> answer = in.person.ask("is " + renames[i] + " now " + renames[i + 1]);
    given.emplace_back(!answer ? "unasked" : *answer ? "yes" : "no");
  }
  return given;
}

/// Nothing where there is no difference.
std::optional<bodies> generated(context& in) {
  if (in.args.has("sql-file")) {
    throw error{errc::usage, "--autogenerate writes Lua, and --sql-file asks for SQL"};
  }
  require_up_to_date(in);
  engine::schema_desk desk = make_desk(in);
  read_database(in, desk, "database");
  build_models(in, desk, "models");
  std::vector<std::string> asked{"database", "models"};
  for (std::string& answer : answers(in, desk.ask("possible_renames", asked, in.here.reader()))) {
    asked.push_back(std::move(answer));
  }
  const std::vector<std::string> made = desk.ask("revision", asked, in.here.reader());
  if (made.empty()) return std::nullopt;
  return bodies{made.at(0), made.at(1)};
}

}  // namespace

report run_revision(context& in) {
  graph::revision_request request = new_request(in);
  request.head = in.args.values("head");
  request.splice = in.args.has("splice");
  request.depends_on = in.args.values("depends-on");
  std::optional<bodies> of = bodies();
  if (in.args.has("autogenerate")) of = generated(in);
  if (!of) {
    return {done_report{"revision", "no difference between the database and the models: no file"},
            {}};
  }
  files_report made = write_revision(in, request, in.args.value("message").value_or(""), *of);
  return {std::move(made), warn_of_heads(in, request)};
}

}  // namespace luamig::cli
