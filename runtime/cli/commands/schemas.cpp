#include "cli/commands/schemas.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/exit_status.hpp"
#include "cli/format.hpp"
#include "graph/plan.hpp"

namespace luamig::cli {

engine::schema_desk make_desk(context& in) {
  return {in.here.host(), in.watching, in.here.open_options(), in.here.books()};
}

void require_up_to_date(context& in) {
  const graph::plan pending = graph::plan_upgrade(in.here.graph(), in.here.rows(), "heads");
  if (pending.steps.empty()) return;
  std::vector<std::string> ids;
  for (const graph::step& step : pending.steps) ids.push_back(step.revision);
  throw error{errc::difference,
              "Target database is not up to date. " + counted(ids.size(), "revision") +
                  (ids.size() == 1 ? " is pending: " : " are pending: ") + text::join(ids, ", "),
              "luamig upgrade, or luamig stamp heads where the database has it all already"};
}

void read_database(context& in, engine::schema_desk& desk, const std::string& name) {
  if (db::connection* const on = in.here.reader(); on != nullptr) {
    desk.read(name, *on);
  } else {
    desk.read_nothing(name);
  }
}

void build_models(context& in, engine::schema_desk& desk, const std::string& name) {
  desk.build(name, "models", "", in.here.reader());
}

report difference_of(std::vector<std::string> items, const std::string& none,
                     const std::string& some) {
  const bool differs = !items.empty();
  const std::string message =
      differs ? counted(items.size(), "difference") + (some.empty() ? "" : ": " + some) : none;
  report made{difference_report{std::move(items), message}, {}};
  if (differs) made.exit = exit_of(error{errc::difference, ""});
  return made;
}

}  // namespace luamig::cli
