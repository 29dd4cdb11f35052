#include "cli/commands/schemas.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/exit_status.hpp"
#include "cli/format.hpp"
#include "engine/script_files.hpp"
#include "graph/plan.hpp"

namespace luamig::cli {
namespace {

/// Nothing where there is none, or where the path leads elsewhere.
std::optional<std::string> text_beneath(const std::filesystem::path& root,
                                        const std::string& path) {
  const std::vector<std::string> parts = text::split(path, '/');
  const bool leaves = std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.empty() || part == "." || part == "..";
  });
  return leaves ? std::nullopt : engine::files_beneath(root.string())->text(parts);
}

}  // namespace

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

void read_other(context& in, engine::schema_desk& desk, const std::string& name,
                const db::url& where) {
  if (where.kind != in.here.where().kind) {
    throw error{errc::usage,
                "'" + where.shown + "' is another kind of database than " + in.here.where().shown,
                "schemas of one kind are compared"};
  }
  db::open_options how = in.here.open_options();
  how.read_only = true;
  desk.read(name, *db::open_database(where, how));
}

/// `target_metadata` may be a list of models, as models.lua gives one, or say where they are:
/// env.lua reaches no file beyond the migrations directory by that, and in the sandbox no other
/// database.
void build_models(context& in, engine::schema_desk& desk, const std::string& name) {
  const std::vector<std::string> target = desk.ask("target", {}, in.here.reader());
  if (target.empty()) return desk.build(name, "models", "", in.here.reader());
  const std::string& said = target.front();
  if (said.find("://") != std::string::npos) {
    return read_other(in, desk, name, db::parse_url(said, in.here.settings().directory));
  }
  if (const auto text = text_beneath(in.here.settings().migrations, said)) {
    return desk.build(name, said, *text, in.here.reader());
  }
  throw error{errc::script, "'target_metadata' of env.lua: there is no '" + said + "'",
              "a path is one below the migrations directory"};
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
